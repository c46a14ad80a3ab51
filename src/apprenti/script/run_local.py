"""Runs a script in a child process: starts it, follows it, stops it, tells what went wrong."""

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, NamedTuple, Protocol

from apprenti.errors import ApprentiError

POLL = 0.05
"""Seconds between two looks at the child's files."""

PATIENCE = 60.0
"""Seconds a script may take to finish properly once it was asked to stop."""


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
    stopped: str | None
    seconds: float
    peak_memory: int
    """Bytes, the largest seen of the process."""
    errors: str
    """What the script wrote on stderr."""


def execute(
    script: Path,
    data: Path | None,
    watcher: Watcher,
    on_start: Callable[[int], None] = lambda process: None,
    time_limit: float | None = None,
) -> Outcome:
    """Run a script in its own folder, isolated from Apprenti and from the user's Python settings.

    `data` is the folder in which the script may look for its data. Ctrl-C, or `time_limit` seconds,
    ask the script to stop, which it does after putting its last whole epoch in order.
    """
    start = time.monotonic()
    child = _start(script, data)
    lines = _collect(child)
    errors: list[str] = []
    peak, stopped = 0, None
    follow = _Follower(script.parent / "progress.csv")
    try:
        on_start(child.pid)
        while child.poll() is None:
            try:
                _pass_on(lines, watcher, errors)
                for progress in follow.new():
                    watcher.progress_to(progress)
                peak = max(peak, _memory(child.pid))
                if time_limit and not stopped and time.monotonic() - start > time_limit:
                    stopped = "time_limit"
                    _ask_to_stop(child)
                    _kill_later(child)
                time.sleep(POLL)
            except KeyboardInterrupt:
                if stopped:
                    child.kill()
                stopped = "by_hand"
                _ask_to_stop(child)
                _kill_later(child)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
    _pass_on(lines, watcher, errors, everything=True)
    return Outcome(child.returncode, stopped, time.monotonic() - start, peak, "".join(errors))


def _start(script: Path, data: Path | None) -> "subprocess.Popen[str]":
    environment = dict(os.environ)
    if data is not None:
        environment["APPRENTI_DATA"] = str(data)
    with _interruptible():
        return _open(script, environment)


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Give the child an ear for SIGINT even where we have none, as in the background of a shell.

    It is by SIGINT that we ask a script to stop; a child inherits that the signal is ignored.
    """
    deaf = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if not deaf or threading.current_thread() is not threading.main_thread():
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _open(script: Path, environment: Mapping[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", "-u", script.name],
        cwd=script.parent,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        # On its own, so that Ctrl-C reaches the script through us and only once
        start_new_session=os.name != "nt",
    )


Lines = queue.SimpleQueue[tuple[str, str] | None]


def _collect(child: "subprocess.Popen[str]") -> Lines:
    lines: Lines = queue.SimpleQueue()

    def read(name: str, stream: IO[str]) -> None:
        with stream:
            for line in stream:
                lines.put((name, line))
        lines.put(None)

    for name, stream in (("out", child.stdout), ("err", child.stderr)):
        threading.Thread(target=read, args=(name, stream), daemon=True).start()
    return lines


def _pass_on(lines: Lines, watcher: Watcher, errors: list[str], everything: bool = False) -> None:
    open_streams = 2
    while open_streams:
        try:
            item = lines.get(timeout=5 if everything else 0)
        except queue.Empty:
            return
        if item is None:
            open_streams -= 1
            if not everything:
                lines.put(None)
                return
        elif item[0] == "out":
            watcher.line(item[1].rstrip("\n"))
        else:
            errors.append(item[1])


class _Follower:
    """Reads what was added to progress.csv since the last look."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = 0

    def new(self) -> Iterator[Progress]:
        try:
            # As bytes: on Windows a line ends with two, which read as text would count as one
            with open(self.path, "rb") as file:
                file.seek(self.position)
                added = file.read()
        except FileNotFoundError:
            return
        whole, newline, _ = added.rpartition(b"\n")
        self.position += len(whole + newline)
        for line in whole.decode().splitlines():
            epoch, step, steps, loss = line.split(",")
            yield Progress(int(epoch), int(step), int(steps), float(loss))


def _memory(process: int) -> int:
    import psutil

    try:
        return int(psutil.Process(process).memory_info().rss)
    except psutil.Error:
        return 0


def _ask_to_stop(child: "subprocess.Popen[str]") -> None:
    # On Windows Ctrl-C reaches the whole console, the script included
    if os.name != "nt":
        child.send_signal(signal.SIGINT)


def _kill_later(child: "subprocess.Popen[str]") -> None:
    timer = threading.Timer(PATIENCE, child.kill)
    timer.daemon = True
    timer.start()


UNSAFE = "Weights only load failed|UntrustedTypesFoundException|Object arrays cannot be loaded"

CAUSES = (
    (r"\[Errno 28\]|No space left|\[Errno 122\]", "disk_full"),
    (
        r"MemoryError|allocate memory|ResourceExhausted|bad_alloc|Unable to allocate",
        "out_of_memory",
    ),
    (UNSAFE, "checkpoint_unsafe"),
    (r"in load_checkpoint\b", "checkpoint_damaged"),
    (r"ModuleNotFoundError: No module named '(?P<module>[^']+)'", "module_missing"),
)
"""Texts by which the causes of a failure are recognised, and the messages that explain them."""

OUT_OF_MEMORY_STATUSES = (-9, 137)


def explain(outcome: Outcome, folder: Path) -> ApprentiError:
    """Return the error that says why a script failed and what to do."""
    last = outcome.errors.strip().splitlines()[-1:] or [""]
    values = {"folder": folder, "status": outcome.exit_status, "last": last[0]}
    if outcome.exit_status in OUT_OF_MEMORY_STATUSES:
        return ApprentiError("out_of_memory", **values)
    for pattern, key in CAUSES:
        if found := re.search(pattern, outcome.errors):
            return ApprentiError(key, **values, **found.groupdict())
    return ApprentiError("script_failed", **values)
