"""Fits one script many times in a few processes, each of which loads it once.

What happens in one fit is the result of that one: a crash, a hang or an exception ends it, and the
others go on, in a fresh process where that is needed. When we end, whatever the reason, so do all.
"""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from apprenti.errors import ApprentiError
from apprenti.runs import has_diverged
from apprenti.script.run_local import ERRORS, memory_of

WORKER = Path(__file__).with_name("worker.py")

START_LIMIT = 300.0
"""Seconds in which a script must be loaded, its framework included."""

GROWTH, SETTLED = 1.5, 3
"""A worker that takes so many times the memory it took after so many fits is replaced."""

SHARE_OF_MEMORY = 0.8
"""And so is one that takes more than its share of this much of the machine's memory."""

THREADS = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
)
"""The variables that libraries look at, once, for how many threads they may take."""

History = Sequence[Mapping[str, Any]]
Status = Literal["finished", "stopped early", "diverged", "failed", "timed out"]
AsksEpoch = Callable[[int, History], bool]
"""Is asked after each epoch of each fit, by the number of the fit, whether to stop it."""


class Fit(NamedTuple):
    """One fit that is wanted."""

    settings: Mapping[str, object]
    """Those that differ from the ones written in the script, under their names there."""
    folder: Path | None = None
    """Where it leaves its files; nowhere if there is none."""


class Ending(NamedTuple):
    """How one fit ended, and the epochs until then."""

    status: Status
    history: History
    seconds: float
    """From the moment when it was given to a worker, reading the data included."""
    error: ApprentiError | None = None
    details: str = ""
    """The whole traceback, or what was said on stderr before the process died."""
    memory: int = 0
    """Bytes that the worker takes after it; 0 where it is gone."""


class Terms(NamedTuple):
    """What all the workers of a script are told."""

    script: Path
    data_settings: Collection[str]
    """A fit in which one of these differs reads and prepares the data again."""
    data: Path | None
    """The folder in which the script may look for its data."""
    threads: int = 1
    """Of each worker."""
    beside: Mapping[str, str] = {}
    """Files that the script finds where it works, with what stands in them."""


class Worker:
    """A process that has loaded the script, or is about to, and the fit it was given."""

    number: int
    fit: Fit
    history: list[Mapping[str, Any]]

    def __init__(self, terms: Terms, folder: Path, heard: "queue.SimpleQueue[Heard]") -> None:
        folder.mkdir()
        for name, text in terms.beside.items():
            (folder / name).write_text(text, encoding="utf-8")
        self.folder, self._heard = folder, heard
        self.memory, self._settled, self._fits = 0, 0, 0  # bytes
        self.ready = False
        self.start = time.monotonic()
        self.deadline = self.start + START_LIMIT
        self._process = _open(terms, folder)
        self.measure = memory_of(self._process.pid)
        threading.Thread(target=self._listen, daemon=True).start()
        self._send(script=str(terms.script), data_settings=sorted(terms.data_settings))

    @property
    def words(self) -> Path:
        """The folder with what is said during the fit."""
        return self.fit.folder or self.folder

    def give(self, ask: bool, time_limit: float | None) -> None:
        """Let it begin its fit, and `ask` after each epoch."""
        self.start, self.history = time.monotonic(), []
        self.deadline = self.start + (time_limit or float("inf"))
        folder = str(self.fit.folder.absolute()) if self.fit.folder else None
        words = str(self.words.absolute())
        self._send(settings=dict(self.fit.settings), folder=folder, words=words, ask=ask)

    def answer(self, go_on: bool, since: float) -> None:
        """Answer after an epoch; that it waited for it is not counted as its time."""
        waited = time.monotonic() - since
        self.start, self.deadline = self.start + waited, self.deadline + waited
        self._send(go_on=go_on)

    def has_grown(self, share: float) -> bool:
        """Say, after each fit, whether it now takes more memory than it should, or its share."""
        self._fits += 1
        if self._fits == SETTLED:
            self._settled = self.memory
        too_much = self._fits > SETTLED and self.memory > GROWTH * self._settled
        return too_much or self.memory > share

    def kill(self) -> int:
        """End it at once, with all that it started, and return its exit status."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.name == "nt":
                self._process.kill()
            else:
                os.killpg(self._process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # type: ignore[union-attr]
        return self._process.wait()

    def gone(self) -> int:
        """Return the exit status of what has ended by itself."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(5)
        status = self._process.poll()
        return self.kill() if status is None else status

    def errors(self) -> str:
        with contextlib.suppress(OSError):
            return (self.words / ERRORS).read_text(encoding="utf-8", errors="replace")
        return ""

    def _send(self, **content: object) -> None:
        # Where nobody listens any more, its end is about to be heard
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(content).encode() + b"\n")  # type: ignore[union-attr]
            self._process.stdin.flush()  # type: ignore[union-attr]

    def _listen(self) -> None:
        with self._process.stdout as said:  # type: ignore[union-attr]
            for line in said:
                # The last line of what was killed may have remained half a line
                with contextlib.suppress(ValueError):
                    self._heard.put(Heard(self, json.loads(line), time.monotonic()))
        self._heard.put(Heard(self, None, time.monotonic()))


class Heard(NamedTuple):
    """What a worker has said and when; None: it has ended."""

    worker: Worker
    message: dict[str, Any] | None
    at: float


def _open(terms: Terms, folder: Path) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, **dict.fromkeys(THREADS, str(terms.threads))}
    if terms.data is not None:
        environment["APPRENTI_DATA"] = str(terms.data)
    with open(folder / ERRORS, "wb") as errors:
        return subprocess.Popen(
            [sys.executable, "-I", "-X", "utf8", str(WORKER)],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            # A group of its own: Ctrl-C reaches us alone, and we end the group
            start_new_session=os.name != "nt",
        )


class _Pool:
    """The workers of one script, and the fits that wait for them."""

    def __init__(
        self,
        terms: Terms,
        fits: Iterable[Fit],
        time_limit: float | None,
        on_epoch: AsksEpoch | None,
    ) -> None:
        self._terms, self._waiting = terms, enumerate(fits)
        self._time_limit, self._on_epoch = time_limit, on_epoch
        self._workers: list[Worker] = []
        self._folder, self._started = Path(tempfile.mkdtemp(prefix="apprenti-")), 0
        self._heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()

    def endings(self, workers: int) -> Iterator[tuple[int, Ending]]:
        import psutil

        share = SHARE_OF_MEMORY * psutil.virtual_memory().total / workers
        for _ in range(workers):
            self._start()
        while self._workers:
            for worker, ending in filter(None, [self._hear(), *self._overdue()]):
                yield worker.number, ending
                if worker not in self._workers:
                    self._start()
                elif worker.has_grown(share):
                    self._end(worker)
                    self._start()
                elif self._takes_next(worker):
                    worker.give(self._on_epoch is not None, self._time_limit)
                else:
                    self._end(worker)

    def close(self) -> None:
        for worker in list(self._workers):
            self._end(worker)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _takes_next(self, worker: Worker) -> bool:
        """Give a worker the next fit, if there is one."""
        number, fit = next(self._waiting, (-1, None))
        if fit is None:
            return False
        worker.number, worker.fit = number, fit
        return True

    def _start(self) -> None:
        """Begin one more worker, if there is something for it to do."""
        number, fit = next(self._waiting, (-1, None))
        if fit is None:
            return
        self._started += 1
        worker = Worker(self._terms, self._folder / str(self._started), self._heard)
        worker.number, worker.fit = number, fit
        self._workers.append(worker)

    def _end(self, worker: Worker) -> int:
        status = worker.kill()
        self._workers.remove(worker)
        shutil.rmtree(worker.folder, ignore_errors=True)
        return status

    def _hear(self) -> tuple[Worker, Ending] | None:
        """Wait for what a worker says, but not for long; return how its fit ended, if it did."""
        next_deadline = min(worker.deadline for worker in self._workers)
        try:
            heard = self._heard.get(timeout=min(0.5, max(0, next_deadline - time.monotonic())))
        except queue.Empty:
            return None
        worker, message = heard.worker, heard.message
        if worker not in self._workers:
            return None
        if message is None:
            return worker, self._died(worker)
        if "ready" in message:
            worker.ready = True
            worker.give(self._on_epoch is not None, self._time_limit)
        elif "epoch" in message:
            worker.history.append(message["epoch"])
            if self._on_epoch:
                stops = self._on_epoch(worker.number, list(worker.history))
                worker.answer(not stops, heard.at)
        else:
            worker.deadline, worker.memory = float("inf"), worker.measure()
            return worker, _ending(worker, message)
        return None

    def _died(self, worker: Worker) -> Ending:
        status = worker.gone()
        if not worker.ready:
            raise _not_loaded(worker, status)
        errors = worker.errors()
        self._end(worker)
        error = ApprentiError("fit_crashed", status=status, last=_last(errors))
        return Ending("failed", worker.history, _seconds(worker), error, errors)

    def _overdue(self) -> Iterator[tuple[Worker, Ending]]:
        """End the workers whose time is over, once all was heard that they had to say."""
        if not self._heard.empty():
            return
        for worker in [one for one in self._workers if time.monotonic() > one.deadline]:
            if not worker.ready:
                raise _not_loaded(worker, worker.kill())
            seconds, errors = _seconds(worker), worker.errors()
            self._end(worker)
            error = ApprentiError("fit_timed_out", limit=self._time_limit)
            yield worker, Ending("timed out", worker.history, seconds, error, errors)


def fit_all(
    terms: Terms,
    fits: Iterable[Fit],
    workers: int = 1,
    time_limit: float | None = None,
    on_epoch: AsksEpoch | None = None,
) -> Generator[tuple[int, Ending], None, None]:
    """Yield the number of each fit and how it ended, as they end.

    A fit is taken from `fits` only when there is a worker for it, so that what it is may depend on
    those that have ended. `time_limit` is in seconds, of each. The folders must be there.

    Raises ApprentiError when the script cannot be loaded at all. Close the generator to end all
    workers before it is exhausted (`contextlib.closing`).
    """
    pool = _Pool(terms, fits, time_limit, on_epoch)
    try:
        yield from pool.endings(workers)
    finally:
        pool.close()


def _ending(worker: Worker, said: Mapping[str, Any]) -> Ending:
    memory, seconds, details = worker.memory, said["seconds"], said["error"]
    if details is None:
        status: Status = "stopped early" if said["stopped"] else "finished"
        if said["history"] and has_diverged(said["history"][-1]):
            status = "diverged"
        return Ending(status, said["history"], seconds, memory=memory)
    error = ApprentiError("fit_failed", last=_last(details))
    return Ending("failed", worker.history, seconds, error, details, memory)


def _not_loaded(worker: Worker, status: int) -> ApprentiError:
    last = _last((worker.folder / ERRORS).read_text(encoding="utf-8", errors="replace"))
    return ApprentiError("script_not_loaded", status=status, last=last)


def _seconds(worker: Worker) -> float:
    return time.monotonic() - worker.start


def _last(text: str) -> str:
    return (text.strip().splitlines() or [""])[-1]
