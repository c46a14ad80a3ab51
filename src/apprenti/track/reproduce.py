"""A recorded run is run again: its own script as it stands, in a folder that is removed afterwards.

What came of it is kept in `reproduced.json` of the run; nothing else of the run is touched.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import run_files, runs
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError, Interrupted
from apprenti.evaluate.mistakes import PREDICTIONS
from apprenti.project import Project
from apprenti.run_files import Each, ListOf, Needed, read_json
from apprenti.runs import SCRIPT, Run
from apprenti.script import run_local
from apprenti.script.run_local import Child, Outcome, Progress, Watcher
from apprenti.track import differences
from apprenti.track.differences import OfHistories, OfPredictions
from apprenti.train import record, trust
from apprenti.train.audience import Audience, Watched
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.train.one_run import as_recorded
from apprenti.writing import plain, write_json

FILE = "reproduced.json"

IDENTICAL, WITHIN_TOLERANCE, DIFFERENT = "identical", "within_tolerance", "different"

VERSION, MACHINE, THREADS, ELSEWHERE = "version", "machine", "threads", "elsewhere"
EXCUSES = (VERSION, MACHINE, THREADS, ELSEWHERE)
"""What may move the last decimals: only where one of them changed is there a tolerance."""

EDITED, HISTORY_ALONE, UNEXPLAINED = "edited", "history_alone", "unexplained"

OF_MACHINE = ("system", "architecture", "bits", "cores")
"""What of a machine its numbers may depend on."""


class Cause(NamedTuple):
    """Why the results may not be the same bytes."""

    code: str
    name: str = ""
    """Of which package, part of the machine, or file."""
    recorded: Any = None
    now: Any = None

    @property
    def is_excuse(self) -> bool:
        return self.code in EXCUSES


class Reproduction(NamedTuple):
    """What came of a run that was run again."""

    run: Run
    facts: Mapping[str, Any]
    """What `reproduced.json` has of it, and --json."""
    is_kept: bool = True
    """Whether it could be written into the folder of the run."""

    @property
    def at(self) -> str:
        return str(self.facts["at"])

    @property
    def outcome(self) -> str:
        """One of identical, within_tolerance and different."""
        return str(self.facts["outcome"])

    @property
    def first_epoch(self) -> int | None:
        """The first epoch that differs: by more than the tolerance, where the outcome is so."""
        epoch = self.facts["first_epoch"]
        return None if epoch is None else int(epoch)

    @property
    def why(self) -> Sequence[Cause]:
        return [Cause(**one) for one in self.facts["why"]]

    @property
    def is_current(self) -> bool:
        """Whether the run is still what was compared: nobody has resumed or edited it since."""
        return bool(self.facts["files"] == _files(self.run))

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        told = {name: value for name, value in self.facts.items() if name != "files"}
        return {"run": self.run.name, **told, "current": self.is_current, "kept": self.is_kept}


SHAPE: Mapping[str, Any] = {
    "at": Needed(str),
    "outcome": Needed([IDENTICAL, WITHIN_TOLERANCE, DIFFERENT]),
    "first_epoch": Needed((int, type(None))),
    "why": Needed(ListOf({"code": Needed(str), "name": Needed(str)})),
    "files": Needed(Each(str)),
    "versions": Needed(Each(str)),
}


def read(run: Run) -> Reproduction | None:
    """Return what came of it the last time; None where the run was never run again, or the file
    is not one of ours."""
    with contextlib.suppress(ApprentiError, TypeError):
        facts = read_json(run.folder / FILE, SHAPE)
        found = Reproduction(run, facts) if facts else None
        # A cause of which more is said than it has is none of ours
        return found if found is None or found.why is not None else None
    return None


def reproduce(
    run: Run, project: Project, audience: Audience, trusted: bool = False
) -> Reproduction:
    """Run a recorded run again, and say whether the same came of it.

    Of a run that was stopped or killed, only the epochs that it has are compared. A script that
    neither this version nor this machine has written is executed if it is `trusted`. Raises
    ApprentiError where the run, its script or its data do not allow it.
    """
    _refuse(run)
    source = as_recorded(run, project)
    trust.check(run, SCRIPT, trusted)
    known = _files(run)
    with tempfile.TemporaryDirectory(prefix="apprenti-", ignore_cleanup_errors=True) as place:
        again = Run(Path(place).resolve())
        job = _Again(run, again, source.folder, audience)
        _execute(job, run, again.folder)
        facts = _compared(run, again, job.seconds)
    found = Reproduction(run, plain({**facts, "files": known}))
    return found._replace(is_kept=_keep(found))


def _refuse(run: Run) -> None:
    """Refuse a run of which there is nothing that could be the same."""
    run_files.check_ordinary(run.folder)
    if run.status == runs.RUNNING:
        raise ApprentiError("reproduce_under_way", run=run.name)
    if run.status == runs.FAILED or not run.history:
        raise ApprentiError("reproduce_nothing", run=run.name)


def _is_partial(run: Run) -> bool:
    """Say whether a run was stopped or killed before its script came to its end."""
    return run.status in (runs.INTERRUPTED, runs.KILLED)


def _files(run: Run) -> dict[str, str]:
    """Return the hashes of what is compared, by which it is known later whether it is the same."""
    paths = [run.script, run.folder / "history.csv", run.folder / PREDICTIONS]
    there = [path for path in (*paths, run.weights) if path and path.is_file()]
    return {path.relative_to(run.folder).as_posix(): digest(path) for path in there}


# Running it


class _Again:
    """The script of a run, executed once more: a job for `run_local.follow`."""

    watcher: "_Counting"

    def __init__(self, run: Run, again: Run, data: Path | None, audience: Audience) -> None:
        self._run, self._again, self._data, self._audience = run, again, data, audience
        self._until = len(run.history) if _is_partial(run) else None
        self._child: Child | None = None
        self.outcome: Outcome | None = None

    @property
    def seconds(self) -> float:
        return round(self.outcome.seconds, 2) if self.outcome else 0.0

    @property
    def came_so_far(self) -> bool:
        """Whether it was ended by us, where the recorded run had come to."""
        return self._until is not None and self.watcher.epoch >= self._until

    def start(self) -> Child:
        run = self._run
        epochs = self._until or int(run.choices["train"].get("epochs", len(run.history)))
        told = Watched(run.model, run.framework, run.task, epochs if len(run.history) > 1 else 1)
        self.watcher = _Counting(self._audience.watch(told))
        try:
            for path in (run.script, run.folder / CORRECTIONS):
                if path.is_file():
                    shutil.copyfile(path, self._again.folder / path.name)
            self._child = Child(self._again.script, self._data, self._again.folder)
        except OSError as error:
            folder, reason = self._again.folder, error.strerror
            raise ApprentiError("cannot_write", path=folder, reason=reason) from None
        return self._child

    def meanwhile(self) -> None:
        if self._child and self.came_so_far and not self._child.stopped:
            self._child.stop("by_hand")

    def end(self, outcome: Outcome) -> bool:
        self.outcome = outcome
        self._audience.leave(self.watcher.heard)
        return True


class _Counting:
    """Passes on what a script says, and knows how many epochs it has gone through."""

    def __init__(self, heard: Watcher) -> None:
        self.heard, self.epoch = heard, 0

    def line(self, text: str) -> None:
        measured = run_local.measured(text)
        self.epoch = int(measured["epoch"]) if measured else self.epoch
        self.heard.line(text)

    def progress_to(self, at: Progress) -> None:
        self.heard.progress_to(at)


def _execute(job: _Again, run: Run, again: Path) -> None:
    """Run the script to its end, or as far as the run came; raise what went wrong with it."""
    if not run_local.follow([job]) or job.outcome is None:
        raise Interrupted("reproduce_interrupted", run=run.name)
    if job.came_so_far or job.outcome.exit_status == 0:
        return
    cause = run_local.explain(job.outcome, again)
    what, why, _ = cause.parts()
    raise ApprentiError("reproduce_failed", run=run.name, cause=what, reason=why)


# What came of it


def _compared(run: Run, again: Run, seconds: float) -> dict[str, Any]:
    """Hold what was recorded against what came this time."""
    partial = _is_partial(run)
    histories = differences.of_histories(run.history, again.history, partial)
    predictions = None if partial else differences.of_predictions(run, again)
    weights = None if partial else differences.same_weights(run, again)
    now = _now(run)
    why = _causes(run, now)
    outcome = _outcome(histories, predictions, weights, any(one.is_excuse for one in why))
    why = [*why, *_accusations(run, predictions, weights, outcome, why)]
    return {
        "at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "outcome": outcome,
        "first_epoch": _first_epoch(histories, outcome, why),
        "why": [one._asdict() for one in why],
        **_differences(histories, predictions, weights),
        "tolerance": {
            "share": differences.SHARE,
            "small": differences.SMALL,
            "same_class": differences.SAME,
            "applies": any(one.is_excuse for one in why),
        },
        "partial": partial,
        "folds": (run.folder / "folds.json").exists(),
        **now,
        "seconds": seconds,
    }


def _now(run: Run) -> dict[str, Any]:
    script = run_files.needed_text(run.script)
    return {"versions": record.versions(script), "machine": record.machine()}


def _outcome(
    histories: OfHistories, predictions: OfPredictions | None, weights: bool | None, excused: bool
) -> str:
    same = predictions is None or predictions.identical
    if histories.identical and same and weights is not False:
        return IDENTICAL
    near = predictions is None or predictions.within_tolerance
    if excused and histories.within_tolerance and near:
        return WITHIN_TOLERANCE
    return DIFFERENT


def _first_epoch(histories: OfHistories, outcome: str, why: Sequence[Cause]) -> int | None:
    """Return the first epoch that differs; where there is a tolerance, by more than that."""
    excused = outcome == DIFFERENT and any(one.is_excuse for one in why)
    gap = (histories.beyond or histories.first) if excused else histories.first
    if gap:
        return gap.epoch
    recorded, again = histories.epochs
    return None if recorded == again else min(recorded, again) + 1


def _differences(
    histories: OfHistories, predictions: OfPredictions | None, weights: bool | None
) -> dict[str, Any]:
    recorded, again = histories.epochs
    told = None
    if predictions:
        told = {**predictions._asdict(), "within_tolerance": predictions.within_tolerance}
    return {
        "epochs": {"recorded": recorded, "again": again},
        "history": {
            "identical": histories.identical,
            "within_tolerance": histories.within_tolerance,
            **{name: _gap(getattr(histories, name)) for name in ("first", "beyond", "largest")},
        },
        "predictions": told,
        "weights": None if weights is None else {"identical": weights},
    }


def _gap(gap: differences.Gap | None) -> dict[str, Any] | None:
    return None if gap is None else {**gap._asdict(), "difference": gap.size}


def _causes(run: Run, now: Mapping[str, Any]) -> list[Cause]:
    """Return what has changed here since the run was made, of what its numbers depend on."""
    known = run.environment
    versions, machine = known.get("versions", {}), known.get("machine", {})
    # Whatever the version of Apprenti, what runs is the script of the run
    found = [Cause(VERSION, n, versions.get(n), v) for n, v in now["versions"].items()]
    found = [one for one in found if one.name != "apprenti"]
    found += [Cause(MACHINE, n, machine.get(n), now["machine"][n]) for n in OF_MACHINE]
    found.append(Cause(THREADS, "", known.get("threads"), run.choices["train"].get("threads")))
    # What was not recorded is not known to have changed, nor what is not said now
    changed = [one for one in found if None not in (one.recorded, one.now)]
    changed = [one for one in changed if one.recorded != one.now]
    seal = known.get("seal")
    is_elsewhere = seal is not None and seal != trust.seal(run)
    return [*changed, *([Cause(ELSEWHERE)] if is_elsewhere else [])]


def _accusations(
    run: Run,
    predictions: OfPredictions | None,
    weights: bool | None,
    outcome: str,
    why: Sequence[Cause],
) -> list[Cause]:
    """Return what else may explain a difference: files that were edited, or chance."""
    if outcome == IDENTICAL:
        return []
    edited = [path.relative_to(run.folder).as_posix() for path in record.tampered(run)]
    if edited:
        return [Cause(EDITED, name) for name in edited]
    if predictions and predictions.identical and weights:
        return [Cause(HISTORY_ALONE)]
    return [] if any(one.is_excuse for one in why) else [Cause(UNEXPLAINED)]


def _keep(found: Reproduction) -> bool:
    """Write it into the folder of the run; say whether that was possible."""
    try:
        write_json(found.run.folder / FILE, found.facts)
    except (OSError, ApprentiError):
        return False
    return True
