"""Each framework at work, in a process of its own: imported, computing on each device, training.

A crash, a hang or an exception is then a finding and not the end of the doctor.
"""

import contextlib
import json
import os
import queue
import subprocess
import sys
import sysconfig
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from apprenti.doctor.failures import recognise
from apprenti.doctor.trials.report import BEGINS, END, KNOWN, MARK

PATIENCE = 180.0
"""Seconds without any news after which a framework hangs: a first import from a slow disk and a
first compilation for a new GPU each take minutes at most."""

KEPT = 60_000
"""Characters of stderr that are kept, the last ones."""

NOT_STARTED, CRASHED, HANGS, WRONG_LOSSES = "T01", "T02", "T03", "T04"
WRONG_PRODUCT, NOT_COMPILED, WRONG_COMPILED = "T05", "T06", "T07"
"""What a trial itself shows, where no text of failures.toml says more: texts/*/doctor.toml."""

INFORMATION = ("F18",)
"""Failures that frameworks mention while all goes well."""

ON_A_CARD = ("F15", "F16", "F17", "F19", "F20", "F21")
"""What a framework complains of in passing and then does without the GPU."""


@dataclass(frozen=True)
class Proof:
    """How one framework did.

    `end`: "done", "missing" (not installed), "exception", "crash", "hang". `step` and `device` say
    where it ended if it was not done. `status` is the exit status, `errors` the end of stderr.
    `devices` has each device that was tried and whether its product was right; `trained` and
    `compiled` have the largest relative gap to the known losses, None where nothing was trained.
    `troubles` are ids: those of failures.toml, and T01 to T07 (texts/*/doctor.toml).
    """

    framework: str
    end: str = "done"
    version: str = ""
    step: str = ""
    device: str = ""
    status: int = 0
    seconds: float = 0.0
    errors: str = ""
    devices: dict[str, bool] = field(default_factory=dict)
    trained: float | None = None
    compiled: float | None = None
    troubles: tuple[str, ...] = ()


def prove(
    framework: str,
    *,
    wanted: Sequence[str] = ("training",),
    has_card: bool = False,
    on_step: Callable[[str, str], None] = lambda step, device: None,
    patience: float | None = None,
) -> Proof:
    """Try one framework ("pytorch", "tensorflow") in a child process.

    `wanted` is any of "training" and "compile". `has_card`: an NVIDIA GPU is there, and a framework
    that complains of it is to be heard. `on_step` hears what is tried next. `patience` is the time
    in seconds after which a step without news is a hang.
    """
    began = time.monotonic()
    child = _start(framework, wanted)
    seen = _Seen()
    try:
        hung = not _follow(child, seen, on_step, PATIENCE if patience is None else patience)
    finally:
        _end(child)
    errors = seen.errors()
    status = child.returncode
    end = "hang" if hung else _how(status, seen.finished)
    done = Proof(
        framework,
        end,
        seen.version,
        "" if end == "done" else seen.step,
        "" if end == "done" else seen.device,
        status,
        time.monotonic() - began,
        errors,
        seen.devices,
        _gap(seen.losses.get("training")),
        _gap(seen.losses.get("compile")),
    )
    return _judged(done, has_card, wanted)


def _start(framework: str, wanted: Sequence[str]) -> "subprocess.Popen[str]":
    # PYTHONPATH is part of what is examined; a torch.py of the user (-P) is not ours to run
    module = f"apprenti.doctor.trials.{framework}"
    return subprocess.Popen(
        [sys.executable, "-P", "-X", "utf8", "-X", "faulthandler", "-m", module, *wanted],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        errors="replace",
        env=_with_apprenti(),
        # On its own, so that Ctrl-C reaches us and we end it
        start_new_session=os.name != "nt",
    )


def _with_apprenti() -> dict[str, str]:
    """Return the variables of the user; an Apprenti that is run from its sources is to be found.

    An installed one is found anyway, and its folder holds much else that must not come first.
    """
    own = str(Path(__file__).parents[2])
    if own in (sysconfig.get_path("purelib"), sysconfig.get_path("platlib")):
        return dict(os.environ)
    there = [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
    places = there if own in there else [*there, own]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


class _Seen:
    """What the child has told so far."""

    def __init__(self) -> None:
        self.version = self.step = self.device = ""
        self.finished = False
        self.devices: dict[str, bool] = {}
        self.losses: dict[str, list[float]] = {}
        self._errors: list[str] = []

    def hear(self, line: str) -> tuple[str, str] | None:
        """Take a line of stdout; return the step and device if one begins."""
        if not line.startswith(MARK):
            return None
        content: dict[str, Any] = json.loads(line.removeprefix(MARK))
        if BEGINS in content:
            self.step, self.device = content[BEGINS], content["device"]
            return self.step, self.device
        self.finished |= content["step"] == END
        self.version = content.get("version", self.version)
        if "right" in content:
            self.devices[content["device"]] = content["right"]
        if "losses" in content:
            self.losses[content["step"]] = content["losses"]
        return None

    def complain(self, line: str) -> None:
        self._errors.append(line)

    def errors(self) -> str:
        return "".join(self._errors)[-KEPT:]


def _follow(
    child: "subprocess.Popen[str]",
    seen: _Seen,
    on_step: Callable[[str, str], None],
    patience: float,
) -> bool:
    """Listen until the child ends; False if it fell silent for too long."""
    lines: queue.SimpleQueue[tuple[str, str] | None] = queue.SimpleQueue()
    for name, stream in (("out", child.stdout), ("err", child.stderr)):
        threading.Thread(target=_read, args=(name, stream, lines), daemon=True).start()
    still_open = 2
    for item in _until_silent(lines, patience):
        if item is None:
            still_open -= 1
            if not still_open:
                child.wait(timeout=patience)
                return True
        elif item[0] == "err":
            seen.complain(item[1])
        else:
            begun = seen.hear(item[1])
            if begun:
                on_step(*begun)
    return False


def _until_silent(
    lines: "queue.SimpleQueue[tuple[str, str] | None]", patience: float
) -> Iterator[tuple[str, str] | None]:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        # In short waits, so that Ctrl-C is heard on Windows too
        with contextlib.suppress(queue.Empty):
            item = lines.get(timeout=0.2)
            if item is not None and item[0] == "out":
                deadline = time.monotonic() + patience
            yield item


def _read(name: str, stream: IO[str], lines: "queue.SimpleQueue[Any]") -> None:
    with contextlib.suppress(ValueError, OSError), stream:
        for line in stream:
            lines.put((name, line))
    lines.put(None)


def _end(child: "subprocess.Popen[str]") -> None:
    if child.poll() is None:
        child.kill()
    child.wait()


def _how(status: int, finished: bool) -> str:
    """Return how a process ended; on Windows a crash is a status such as 0xC0000005."""
    if status == 0 and finished:
        return "done"
    return "crash" if status < 0 or status >= 0x80000000 else "exception"


CRASHES = {-4: "F12", 0xC000001D: "F12", 0xC0000135: "F08", -9: "F35"}
"""What ended a process, where its status says it: an illegal instruction, a missing library, the
system that had no memory left."""


def _gap(losses: list[float] | None) -> float | None:
    """Return the largest relative distance to the known losses."""
    if losses is None:
        return None
    known = json.loads(KNOWN.read_text(encoding="utf-8"))["losses"]
    gaps = [abs(own - right) / right for own, right in zip(losses, known, strict=True)]
    # A loss that is no number is as far as can be
    return max(gap if gap == gap else float("inf") for gap in gaps)


def tolerance() -> float:
    """Return the largest relative gap to the known losses that is still rounding."""
    return float(json.loads(KNOWN.read_text(encoding="utf-8"))["tolerance"])


def _judged(proof: Proof, has_card: bool, wanted: Sequence[str]) -> Proof:
    found = _of_the_end(proof)
    if proof.end == "done" and has_card:
        found += [each for each in recognise(proof.errors) if each in ON_A_CARD]
    if False in proof.devices.values():
        found.append(WRONG_PRODUCT)
    for name, gap in ((WRONG_LOSSES, proof.trained), (WRONG_COMPILED, proof.compiled)):
        if gap is not None and gap > tolerance():
            found.append(name)
    values = {each: getattr(proof, each) for each in proof.__dataclass_fields__}
    return Proof(**{**values, "troubles": tuple(dict.fromkeys(found))})


def _of_the_end(proof: Proof) -> list[str]:
    """Return what made it end early: what its words or its status tell, else only where it was."""
    if proof.end == "done":
        return []
    known = [each for each in recognise(proof.errors) if each not in INFORMATION]
    by_status = CRASHES.get(proof.status % 2**32 if proof.status > 0 else proof.status)
    if proof.end == "hang":
        return [HANGS]
    if proof.end == "crash":
        return [by_status] if by_status else known[:1] or [CRASHED]
    if proof.step == "compile":
        return known[:1] or [NOT_COMPILED]
    return known[:1] or [NOT_STARTED]
