"""The test set is opened: the evaluate.py of a run is executed, after a line says so in the ledger.

The line comes first, so that whatever happens then no opening is unrecorded. The simple models that
learned from the same rows are measured with it, to be held against.
"""

import contextlib
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import ledger, listing, optional, run_files, run_settings, runs
from apprenti import project as projects
from apprenti.data.checksum import digest
from apprenti.data.source import Source
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.run_data import data_settings, open_data
from apprenti.evaluate.verdict import BASELINES
from apprenti.ledger import Asked, Opening
from apprenti.project import Project
from apprenti.runs import EVALUATE, Run
from apprenti.script import run_local
from apprenti.script.run_local import Child, Outcome, Watcher
from apprenti.train import recipe, trust

if TYPE_CHECKING:
    import filelock

LOCK = ".evaluate.lock"
OWN_TEST_SET = ("test_files", "test_arrays", "test_folders")
"""The settings of data that come with a test set of their own."""

LEFT = (TEST.predictions, TEST.probabilities, ledger.MEASURES, ledger.EVALUATION)
"""What an evaluation leaves in the folder of a run, but pictures."""

AT_ONCE = 2


class Ready(NamedTuple):
    """A run that may be evaluated."""

    run: Run
    project: Project
    source: Source
    test_files: Mapping[str, str]
    """The hashes of the files of a test set of its own, where those of the data leave them out."""


def check(run: Run, trusted: bool = False) -> Ready:
    """Refuse a run that cannot be evaluated: before anything is opened, or recorded."""
    if run.status == runs.RUNNING:
        raise ApprentiError("run_under_way", run=run.name)
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    if run.status == runs.DIVERGED:
        raise ApprentiError("model_diverged", run=run.name)
    if not (run.folder / EVALUATE).is_file():
        own = run_settings.is_own_script(run)
        raise ApprentiError("own_script_test" if own else "run_before_evaluate", run=run.name)
    project = projects.load(run.folder.parent.parent)
    _, settings = recipe.read(run)
    if not (settings.get("test") or has_own_test_set(settings)):
        raise ApprentiError("no_test_set", run=run.name, source=project.choices.data.source)
    run_files.check_ordinary(run.folder)
    trust.check(run, EVALUATE, trusted)
    optional.require(run.framework)
    source = _same_data(run)
    files = settings.get("test_files") or ()
    return Ready(run, project, source, {name: digest(source.path / name) for name in files})


def has_own_test_set(settings: Mapping[str, Any]) -> bool:
    """Say whether the data of a run, whose recipe has these settings, come with test rows."""
    return any(settings.get(name) for name in OWN_TEST_SET)


def _same_data(run: Run) -> Source:
    """Return what is known of the data of a run, if it is still what it learned from."""
    try:
        data_settings(run)
    except ApprentiError as error:
        raise RunDamaged(run.folder / runs.CHOICES, error.parts()[0]) from None
    try:
        return open_data(run)._replace(table=None, contents=())
    except ApprentiError as error:
        if error.key != "rows_changed":
            raise
        name = error.values["source"]
        raise ApprentiError("test_data_changed", run=run.name, name=name) from None


class Opened(NamedTuple):
    """What came of an opening."""

    opening: Opening
    beside: list[Run]
    """The simple models that were measured on the same rows."""
    left_out: list[Run]
    """Those of which that failed."""


@contextlib.contextmanager
def opened(ready: Ready, by: str, trusted: bool, watcher: Watcher) -> Iterator[Opened]:
    """Record an opening, execute the scripts, and yield; what goes wrong until then is recorded.

    Evaluations of one project take their turns.
    """
    run, folder = ready.run, ready.project.folder
    with _turn(folder), _held(run):
        simple = [one for one in _simple(run) if _may(one, trusted)]
        opening = ledger.append(folder, _asked(ready, by, simple))
        outcome = ledger.STOPPED
        try:
            for name in LEFT:
                (run.folder / name).unlink(missing_ok=True)
            failed = _execute([run, *simple], ready.source.folder, watcher)
            if run in failed:
                outcome = ledger.FAILED
                raise _explained(failed[run], run)
            sound = [one for one in simple if one not in failed]
            yield Opened(opening, sound, [one for one in simple if one in failed])
        except BaseException:
            ledger.complete(folder, opening, outcome)
            raise


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Wait until no other evaluation of the project is under way."""
    import filelock

    try:
        with filelock.FileLock(folder / "runs" / LOCK):
            yield
    except OSError as error:
        if isinstance(error, filelock.Timeout) or not error.errno:
            raise
        reason = error.strerror or error
        raise ApprentiError("cannot_write", path=folder / "runs", reason=reason) from None


@contextlib.contextmanager
def _held(run: Run) -> "Iterator[filelock.FileLock]":
    held = runs.lock(run)
    try:
        yield held
    finally:
        held.release()


def _simple(run: Run) -> list[Run]:
    """Return the latest of each simple model that learned from the same rows and columns."""
    if run_settings.is_own_script(run) or _is_simple(run, "trivial"):
        return []
    there = [one for one in runs.sound(run.folder.parent) if one != run and one.complete]
    wanted = BASELINES[:1] if _is_simple(run, "linear") else BASELINES
    found = (
        next((one for one in reversed(there) if _is_simple(one, kind) and _alike(one, run)), None)
        for kind in wanted
    )
    return [one for one in found if one]


def _is_simple(run: Run, kind: str) -> bool:
    return run.model == kind and run.framework == "sklearn"


def _alike(one: Run, other: Run) -> bool:
    return (one.folder / EVALUATE).is_file() and listing.same_rows_and_columns(one, other)


def _may(run: Run, trusted: bool) -> bool:
    """Say whether a simple model may be measured too: nobody asked for it by its name."""
    with contextlib.suppress(ApprentiError):
        run_files.check_ordinary(run.folder)
        trust.check(run, EVALUATE, trusted)
        return run.weights is not None and run.status != runs.DIVERGED
    return False


def settings_of(project: Project) -> dict[str, Any]:
    """Return the settings of a project that are not as they come, by their full names."""
    return run_settings.flat(project.choices.model_dump(mode="json", exclude_defaults=True))


def _asked(ready: Ready, by: str, simple: list[Run]) -> Asked:
    run = ready.run
    return Asked(
        run,
        by,
        digest(run.folder / EVALUATE),
        digest(run.weights) if run.weights else "",
        {**ready.source.hashes, **ready.test_files},
        [one.name for one in simple],
        settings_of(ready.project),
    )


# The scripts


class _Script:
    """An evaluate.py: a job for `run_local.follow`, of which the outcome is wanted."""

    outcome: Outcome | None = None

    def __init__(self, run: Run, data: Path | None, words: Path, watcher: Watcher) -> None:
        self.run, self.watcher = run, watcher
        self._data, self._words = data, words

    def start(self) -> Child:
        return Child(self.run.folder / EVALUATE, self._data, self._words)

    def meanwhile(self) -> None:
        pass

    def end(self, outcome: Outcome) -> bool:
        self.outcome = outcome
        return True


def _execute(chosen: list[Run], data: Path | None, watcher: Watcher) -> dict[Run, Outcome]:
    """Execute the evaluate.py of some runs, and return the outcomes of those that failed."""
    with tempfile.TemporaryDirectory() as place:
        words = [Path(place) / str(number) for number in range(len(chosen))]
        for folder in words:
            folder.mkdir()
        jobs = [_Script(run, data, at, watcher) for run, at in zip(chosen, words, strict=True)]
        done = run_local.follow(jobs, at_once=AT_ONCE)
    if not done:
        raise KeyboardInterrupt
    found = {job.run: job.outcome for job in jobs if job.outcome}
    return {run: outcome for run, outcome in found.items() if outcome.exit_status}


def _explained(outcome: Outcome, run: Run) -> ApprentiError:
    """Return what went wrong with evaluate.py, of which no errors.txt is kept."""
    error = run_local.explain(outcome, run.folder)
    if error.key != "script_failed":
        return error
    # What a script has foreseen it says itself
    said_itself = outcome.exit_status == 1 and "Traceback" not in outcome.errors
    if said_itself:
        return ApprentiError("model_no_number", **error.values)
    return ApprentiError("evaluate_failed", **error.values)
