"""Runs scripts in child processes: starts them, follows them, stops them, tells what went wrong.

What a script prints goes into files, which whoever wants to hear it follows. It needs nobody to
listen: when we die it goes on.
"""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Literal, NamedTuple, Protocol

from apprenti.errors import ApprentiError

OUTPUT, ERRORS, PROGRESS = "output.txt", "errors.txt", "progress.csv"
"""What a script prints, what it says on stderr, and how far it is; each is only added to."""

POLL = 0.05
"""Seconds between two looks at the files of the children."""

MOST_AT_ONCE = 1_000_000
"""Bytes of what a script says that are read at one look; in its file is all of it."""

PATIENCE = 60.0
"""Seconds a script may take to finish properly once it was asked to stop."""

Reason = Literal["by_hand", "time_limit"]


class Progress(NamedTuple):
    """Where the training is: the epoch, its steps, and the loss on the latest of them."""

    epoch: int
    step: int
    steps: int
    loss: float


class Watcher(Protocol):
    """Hears what a script prints and how far it is."""

    def line(self, text: str) -> None: ...
    def progress_to(self, at: Progress) -> None: ...


class Outcome(NamedTuple):
    """How a script ended. `stopped` is None, "by_hand" or "time_limit"."""

    exit_status: int
    stopped: Reason | None
    seconds: float
    peak_memory: int
    """Bytes, the largest seen of the process."""
    errors: str
    """What the script wrote on stderr."""


class Child:
    """A script under way in its own folder, isolated from Apprenti and from Python's settings.

    `data` is the folder in which it may look for its data, `words` the one in which output.txt and
    errors.txt get what it says; they may hold what earlier ones have said. `start` is what begins
    the process, where that is not subprocess.Popen.
    """

    def __init__(
        self,
        script: Path,
        data: Path | None,
        words: Path,
        arguments: Sequence[str] = (),
        start: "Callable[..., subprocess.Popen[bytes]] | None" = None,
    ) -> None:
        self.stopped: Reason | None = None
        self.peak_memory = 0
        self._lines, self._errors = Added(words / OUTPUT), Added(words / ERRORS)
        self._progress = Added(script.parent / PROGRESS)
        self._deadline = float("inf")
        self._start = time.monotonic()
        self._process = _open(script, data, words, arguments, start or subprocess.Popen)
        self._measure = memory_of(self._process.pid)

    @property
    def process(self) -> int:
        return self._process.pid

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._start

    def look(self, watcher: Watcher) -> bool:
        """Pass on what is new, and say whether the script is still running."""
        running = self._process.poll() is None
        for line in self._lines.new(to_the_end=not running):
            watcher.line(line)
        for progress in filter(None, map(_progress, self._progress.new())):
            watcher.progress_to(progress)
        self.peak_memory = max(self.peak_memory, self._measure())
        if time.monotonic() > self._deadline:
            self.kill()
        return running

    def wait(self, seconds: float) -> None:
        """Wait so long, or until the script has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)

    def stop(self, reason: Reason) -> None:
        """Ask the script to put its last whole epoch in order and end; a second time, end it."""
        if self.stopped:
            self.kill()
        # On Windows Ctrl-C reaches the whole console, the script included
        elif os.name != "nt":
            self._process.send_signal(signal.SIGINT)
        self.stopped = reason
        self._deadline = time.monotonic() + PATIENCE

    def kill(self) -> None:
        """End the script at once, if it has not ended, and wait until it is gone."""
        self._process.kill()
        self._process.wait()

    def outcome(self) -> Outcome:
        """Return how the script ended, which it must have done."""
        errors = "".join(f"{line}\n" for line in self._errors.new(to_the_end=True))
        return Outcome(self._process.wait(), self.stopped, self.seconds, self.peak_memory, errors)


def _open(
    script: Path,
    data: Path | None,
    words: Path,
    arguments: Sequence[str],
    start: "Callable[..., subprocess.Popen[bytes]]",
) -> "subprocess.Popen[bytes]":
    environment = dict(os.environ)
    if data is not None:
        environment["APPRENTI_DATA"] = str(data)
    with open(words / OUTPUT, "ab") as output, open(words / ERRORS, "ab") as errors:
        return start(
            [sys.executable, "-I", "-X", "utf8", "-u", script.name, *arguments],
            cwd=script.parent,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=errors,
            # On its own, so that Ctrl-C reaches the script through us and only once
            start_new_session=os.name != "nt",
        )


class Added:
    """The lines that are added to a file from now on, as they come."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._position = path.stat().st_size if path.exists() else 0

    def new(self, to_the_end: bool = False) -> Iterator[str]:
        """Yield the whole lines since the last look, and what follows them `to_the_end`."""
        try:
            # As bytes: on Windows a line ends with two, which read as text would count as one
            with open(self._path, "rb") as file:
                self._skip(os.fstat(file.fileno()).st_size, to_the_end)
                file.seek(self._position)
                added = file.read(MOST_AT_ONCE)
        except FileNotFoundError:
            return
        *whole, rest = added.split(b"\n")
        if not whole and len(rest) == MOST_AT_ONCE:
            whole, rest = [rest[:-1]], b""
        for line in whole:
            self._position += len(line) + 1
            yield line.decode(errors="replace").rstrip("\r")
        if rest and to_the_end:
            self._position += len(rest)
            yield rest.decode(errors="replace")

    def _skip(self, size: int, to_the_end: bool) -> None:
        """Leave out what nobody could follow: all but the end, once nothing more will come."""
        if to_the_end:
            self._position = max(self._position, size - MOST_AT_ONCE)


def _progress(line: str) -> Progress | None:
    """Read a line of progress.csv; what somebody's own script writes there may be none."""
    try:
        epoch, step, steps, loss = line.split(",")
        # Keras counts the steps of its last jump beyond the end
        return Progress(int(epoch), min(int(step), int(steps)), int(steps), float(loss))
    except ValueError:
        return None


EPOCH = re.compile(r"epoch (\d+)((?:  \w+ [\w.+-]+)+)")


def measured(line: str) -> dict[str, float] | None:
    """Return what a script printed of an epoch, under the names of history.csv.

    None where a line is about something else.
    """
    found = EPOCH.fullmatch(line)
    if not found:
        return None
    pairs = (pair.split(" ") for pair in found[2].split("  ")[1:])
    try:
        return {"epoch": int(found[1]), **{name: float(value) for name, value in pairs}}
    except ValueError:
        return None


def memory_of(process: int) -> Callable[[], int]:
    """Return what measures the memory of a process, in bytes; 0 when it is gone."""
    import psutil

    try:
        found = psutil.Process(process)
    except psutil.Error:
        return lambda: 0

    def measure() -> int:
        try:
            return int(found.memory_info().rss)
        except psutil.Error:
            return 0

    return measure


class Job(Protocol):
    """A script to be executed, and what is to be done before and afterwards."""

    @property
    def watcher(self) -> Watcher: ...
    def start(self) -> Child: ...
    def meanwhile(self) -> None:
        """Do what can be done while the script runs; it is called after each look at it.

        Ctrl-C waits: a package that it leaves half imported cannot be imported any more.
        """
        ...

    def end(self, outcome: Outcome) -> bool:
        """Say whether the jobs that wait may still begin."""
        ...


def follow(
    jobs: Iterable[Job],
    at_once: int = 1,
    time_limit: float | None = None,
) -> bool:
    """Execute scripts, so many at once, in their order; return False if they were stopped by hand.

    Ctrl-C asks those under way to stop, which they do after putting their last whole epoch in
    order, and no other begins; `time_limit` is how many seconds each may take.
    """
    waiting, under_way = deque(jobs), list[tuple[Job, Child]]()
    stopped = False
    try:
        while waiting or under_way:
            try:
                while waiting and len(under_way) < at_once:
                    with _undisturbed():
                        job = waiting.popleft()
                        under_way.append((job, job.start()))
                for job, child in list(under_way):
                    if _runs(job, child, time_limit):
                        with _undisturbed():
                            job.meanwhile()
                        continue
                    with _undisturbed():
                        under_way.remove((job, child))
                        if not job.end(child.outcome()):
                            waiting.clear()
                for _, child in under_way[:1]:
                    child.wait(POLL)
            except KeyboardInterrupt:
                stopped = True
                waiting.clear()
                for _, child in under_way:
                    child.stop("by_hand")
    finally:
        for _, child in under_way:
            child.kill()
    return not stopped


def _runs(job: Job, child: Child, time_limit: float | None) -> bool:
    """Pass on what is new of a script, and say whether it runs; ask it to stop when time is up."""
    running = child.look(job.watcher)
    if running and time_limit and not child.stopped and child.seconds > time_limit:
        child.stop("time_limit")
    return running


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold back Ctrl-C while something must be done whole, and let it come afterwards.

    A child that begins meanwhile hears SIGINT, by which we ask it to stop, even where we do not,
    as in the background of a shell: it inherits that a signal is ignored, not that it is held.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []

    def hold(number: int, frame: FrameType | None) -> None:
        came.append(number)

    held = {number: signal.signal(number, hold) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, before in held.items():
            signal.signal(number, before)
        for late in came:
            signal.raise_signal(late)


class _Alone:
    """A script of which only the outcome is wanted."""

    def __init__(self, watcher: Watcher, start: Callable[[], Child]) -> None:
        self.watcher, self.start = watcher, start
        self.outcome: Outcome | None = None

    def meanwhile(self) -> None:
        pass

    def end(self, outcome: Outcome) -> bool:
        self.outcome = outcome
        return True


def execute(
    script: Path,
    data: Path | None,
    watcher: Watcher,
    time_limit: float | None = None,
    arguments: Sequence[str] = (),
) -> Outcome:
    """Run one script in its own folder to its end; what it says is heard, and kept nowhere."""
    with tempfile.TemporaryDirectory() as words:
        job = _Alone(watcher, lambda: Child(script, data, Path(words), arguments))
        follow([job], time_limit=time_limit)
    if job.outcome is None:
        raise KeyboardInterrupt
    return job.outcome


UNSAFE = "Weights only load failed|UntrustedTypesFoundException|Object arrays cannot be loaded"

CAUSES = (
    (r"\[Errno 28\]|No space left|\[Errno 122\]", "disk_full"),
    (
        r"MemoryError|allocate memory|ResourceExhausted|bad_alloc|Unable to allocate",
        "out_of_memory",
    ),
    (UNSAFE, "weights_unsafe"),
    (r"in load_checkpoint\b", "checkpoint_damaged"),
    (r"non-finite parameter weights", "solver_diverged"),
    (r"ModuleNotFoundError: No module named '(?P<module>[^']+)'", "module_missing"),
    (r"in open_model\b", "model_damaged"),
)
"""Texts by which the causes of a failure are recognised, and the messages that explain them."""

KILLED_STATUSES = (-9, 137, -15, -1)
"""Of a script that was ended from outside, by a signal that it cannot or does not hear."""

TORCH_CANNOT_WRITE = "PytorchStreamWriter failed writing|unexpected pos"
"""What PyTorch says when it cannot write its file, whatever the cause."""

LITTLE = 10_000_000
"""Bytes; with less room a disk is full."""


def _took_most(memory: int) -> bool:
    """Say whether a process took so much memory that the system will have ended it."""
    import psutil

    return memory > int(psutil.virtual_memory().total) / 2


def _is_full(folder: Path) -> bool:
    return folder.is_dir() and shutil.disk_usage(folder).free < LITTLE


def explain(outcome: Outcome, folder: Path) -> ApprentiError:
    """Return the error that says why a script that trains in a folder failed, and what to do."""
    last = outcome.errors.strip().splitlines()[-1:] or [""]
    values = {"folder": folder, "status": outcome.exit_status, "last": last[0]}
    if not folder.is_dir() and "No such file" in outcome.errors:
        return ApprentiError("folder_gone", folder=folder)
    if outcome.exit_status in KILLED_STATUSES:
        if _took_most(outcome.peak_memory):
            return ApprentiError("out_of_memory", **values)
        return ApprentiError("script_killed", folder=folder, memory=outcome.peak_memory / 1e6)
    if re.search(TORCH_CANNOT_WRITE, outcome.errors) and _is_full(folder):
        return ApprentiError("disk_full", **values)
    for pattern, key in CAUSES:
        if found := re.search(pattern, outcome.errors):
            return ApprentiError(key, **values, **found.groupdict())
    return ApprentiError("script_failed", **values)
