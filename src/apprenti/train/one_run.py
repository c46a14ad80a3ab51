"""One run: a folder is made, its script is executed as it stands, what came out is recorded."""

import ast
import shutil
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import optional, run_files, run_settings, runs
from apprenti import project as projects
from apprenti.data.checksum import digest
from apprenti.data.source import Source, open_source
from apprenti.data.split import written as split_file
from apprenti.data.split.written import Shares
from apprenti.errors import ApprentiError, Interrupted, RunDamaged
from apprenti.project import Project
from apprenti.runs import CHOICES, SCRIPT, Run
from apprenti.script import run_local
from apprenti.script.preload import Preloaded
from apprenti.script.run_local import KILLED_STATUSES, Child, Outcome, Watcher
from apprenti.script.syntax import parse
from apprenti.train import curves, record, settle, trust
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.train.flat_settings import flat_settings
from apprenti.train.next_change import next_change
from apprenti.train.plan import Plan
from apprenti.train.record import Record
from apprenti.writing import as_json, write_text

if TYPE_CHECKING:
    import filelock


class Begun(NamedTuple):
    """A run whose folder is ready for its script to be executed."""

    record: Record
    data: Path | None
    """The folder in which the script looks for its data."""
    lock: "filelock.FileLock"

    @property
    def run(self) -> Run:
        return self.record.run


class Execution:
    """The execution of one run: a job for `run_local.follow`, and what came of it."""

    begun: Begun
    watcher: Watcher
    outcome: Outcome | None = None
    """None until the script has ended."""

    error: ApprentiError | None = None
    """What went wrong with it."""

    def __init__(
        self,
        begin: Callable[[], Begun],
        watch: Callable[[], Watcher],
        leave: Callable[[Watcher], None] = lambda watcher: None,
    ) -> None:
        self._begin, self._watch, self._leave = begin, watch, leave
        self._drawn: list[dict[str, float]] = []
        self._open: Callable[..., Any] | None = None
        self._alone = True

    def start_with(self, open_process: Callable[..., Any]) -> None:
        """Let something else than subprocess.Popen begin the script; no other waits for its end."""
        self._open, self._alone = open_process, False

    def start(self) -> Child:
        """Begin the run and set its script going."""
        run, data = (begun := self._begin()).run, begun.data
        self.watcher = self._watch()
        child = None
        try:
            child = Child(run.script, data, run.folder, start=self._open)
            begun.record.running(child.process)
        except OSError as error:
            if child:
                child.kill()
            begun.lock.release()
            raise ApprentiError("cannot_write", path=run.folder, reason=error.strerror) from None
        self.begun = begun
        return child

    def meanwhile(self) -> None:
        """Make ready to draw, and draw once the script has said its end: it takes time to leave."""
        curves.load()
        if self.begun.run.said and not self._drawn:
            self._draw()

    def end(self, outcome: Outcome) -> bool:
        """Record what came of it, and say whether all went well."""
        self.outcome = outcome
        self._leave(self.watcher)
        try:
            self.error = _record(self.begun.record, outcome)
            self._draw()
        finally:
            self.begun.lock.release()
        return self.error is None or not self._alone

    def _draw(self) -> None:
        """Draw the curves as far as they came, unless that is what was drawn last."""
        history = self.begun.run.history
        if history != self._drawn:
            settle.draw(self.begun.run)
            self._drawn = history

    def result(self, time_limit: float | None = None) -> Run:
        """Return the run that was made; raise what went wrong with it, or that it was stopped."""
        if self.outcome is None:
            raise KeyboardInterrupt
        if self.error:
            raise self.error
        run, epochs = self.begun.run, len(self.begun.run.history)
        if run.status == runs.DIVERGED:
            raise diverged(run)
        if self.outcome.stopped == "time_limit" and not epochs:
            raise ApprentiError("time_limit_early", run=run.name, limit=time_limit)
        if self.outcome.stopped == "by_hand":
            if run.complete:
                # Too late for this run, in time for those that would have followed
                raise KeyboardInterrupt
            key = "interrupted" if epochs else "interrupted_early"
            raise keeping([run], Interrupted(key, run=run.name, epochs=epochs))
        return run


def keeping(kept: Sequence[Run], error: Interrupted) -> Interrupted:
    """Return an error of which --json also says which runs have been kept."""
    error.reached = {"runs": [run_settings.as_json(runs.read_any(run)) for run in kept]}
    return error


def train(
    planned: Plan,
    runs_folder: Path,
    watcher: Watcher,
    time_limit: float | None = None,
    preloaded: Preloaded | None = None,
) -> Run:
    """Make the run folder, execute the planned script in it, and record how it ended.

    `time_limit` is in seconds; reaching it ends the run properly, with its last whole epoch. The
    process in which the script is executed may be there already (`preloaded`).
    """
    framework = planned.choices.train.framework
    start = partial(preloaded.open, framework) if preloaded else None
    return _follow(lambda: begin(planned, create(planned, runs_folder)), watcher, time_limit, start)


def train_script(
    path: Path, project: Project, watcher: Watcher, time_limit: float | None = None
) -> Run:
    """Run somebody's own script (an edited train.py) in this project and record it the same way."""
    try:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise ApprentiError("unreadable_file", path=path, reason=error) from None
    except (SyntaxError, ValueError) as error:
        line, reason = getattr(error, "lineno", 0), getattr(error, "msg", error)
        raise ApprentiError("script_syntax", path=path, line=line, reason=reason) from None
    framework = _framework_of(text)
    optional.require(framework)
    source = open_source(project.choices.data, project.folder)
    settings = _settings_in(text)
    content = {
        "data": project.choices.data.model_dump(mode="json", exclude_none=True, exclude={"split"}),
        "model": {"kind": path.stem},
        "train": {"framework": framework},
        "script": settings,
    }
    files = {SCRIPT: text, CHOICES: _toml(content)}

    def begin_own() -> Begun:
        run = runs.create(project.runs_folder, _as_name(path.stem), framework)
        return _fill(run, files, source, settings.get("threads"))

    return _follow(begin_own, watcher, time_limit)


def resume(
    run: Run,
    project: Project,
    watcher: Watcher,
    time_limit: float | None = None,
    trusted: bool = False,
) -> Run:
    """Go on with a run that was stopped or killed, from the end of its last whole epoch.

    A script that neither this version nor this machine has written is executed if it is `trusted`.
    """
    return _follow(lambda: _begin_again(run, project, trusted), watcher, time_limit)


def _follow(
    begin: Callable[[], Begun],
    watcher: Watcher,
    time_limit: float | None,
    start: Callable[..., Any] | None = None,
) -> Run:
    execution = Execution(begin, lambda: watcher)
    if start:
        execution.start_with(start)
    run_local.follow([execution], time_limit=time_limit)
    return execution.result(time_limit)


# Before the script


def create(planned: Plan, runs_folder: Path) -> Run:
    """Make the folder of a planned run; empty, it has the name and is not yet listed."""
    choices = planned.choices
    return runs.create(runs_folder, choices.model.kind, choices.train.framework)


def begin(planned: Plan, run: Run) -> Begun:
    """Write into the folder of a planned run what is known before the start."""
    choices, source = planned.choices, planned.source
    content = choices.model_dump(mode="json", exclude_none=True)
    if not choices.data.unite:
        del content["data"]["unite"]
    settings = flat_settings(choices, source)
    recipe = {
        "material": planned.material._asdict(),
        "settings": settings,
        "new_rows": dict(source.new_rows),
        "used": sorted(planned.script.used_settings),
    }
    files = {
        **planned.files,
        CHOICES: _toml(content),
        runs.RECIPE: as_json(recipe),
    }
    return _fill(run, files, source, choices.train.threads, planned.shares)


def _toml(content: Mapping[str, Any]) -> str:
    import tomlkit

    return tomlkit.dumps(content)


def _fill(
    run: Run,
    files: Mapping[str, str],
    source: Source,
    threads: int | None,
    shares: Shares | None = None,
) -> Begun:
    """Write the files of a run; a folder that cannot be filled is removed again."""
    lock = runs.lock(run)
    try:
        for name in files.keys() - {CHOICES}:
            write_text(run.folder / name, files[name])
        if shares:
            split_file.write(shares, run.folder / split_file.FILE)
        begun = Begun(record.begin(run, source, threads), source.folder, lock)
        # The last: from now on the run is listed
        write_text(run.folder / CHOICES, files[CHOICES])
        return begun
    except OSError as error:
        lock.release()
        shutil.rmtree(run.folder, ignore_errors=True)
        raise ApprentiError("cannot_write", path=run.folder, reason=error.strerror) from None


def _begin_again(run: Run, project: Project, trusted: bool) -> Begun:
    """Take a run in hand again, if nothing that it depends on has changed."""
    run_files.check_ordinary(run.folder)
    lock = runs.lock(run)
    try:
        source = _same_as_before(run, project)
        trust.check(run, SCRIPT, trusted)
        (run.folder / runs.STATUS).unlink(missing_ok=True)
        return Begun(record.begin(run, source, run.environment.get("threads")), source.folder, lock)
    except BaseException:
        lock.release()
        raise


def _same_as_before(run: Run, project: Project) -> Source:
    """Return the data of a run, or say why it cannot be gone on with."""
    if run.status == runs.RUNNING:
        raise ApprentiError("run_under_way", run=run.name)
    if run.complete:
        raise ApprentiError("run_finished", run=run.name, change=next_change(run))
    if run.status == runs.DIVERGED:
        raise diverged(run)
    return as_recorded(run, project)


def as_recorded(run: Run, project: Project) -> Source:
    """Return the data of a run; refuse a script, a split or data that are no longer those."""
    hashes = run.environment.get("hashes", {})
    if not run.script.is_file() or hashes.get(SCRIPT) != digest(run.script):
        raise ApprentiError("script_changed", run=run.name, path=run.script)
    for path in (run.folder / split_file.FILE, run.folder / CORRECTIONS):
        if (known := hashes.get(path.name)) and not (path.is_file() and digest(path) == known):
            raise ApprentiError("split_changed", run=run.name, path=path)
    choices = run.choices
    chosen = {name: value for name, value in choices.get("data", {}).items() if name != "split"}
    try:
        data = projects.check({"data": chosen}).data
    except ApprentiError as error:
        raise RunDamaged(run.folder / CHOICES, error.parts()[0]) from None
    source = open_source(data, project.folder)
    for name, known in hashes.get("data", {}).items():
        if source.hashes.get(name) != known:
            raise ApprentiError("data_changed", run=run.name, name=name)
    optional.require(run.framework)
    return source


# After it


def diverged(run: Run) -> ApprentiError:
    """Return the error that says that a model was lost in training, and what to change."""
    rate = run.choices["train"].get("learning_rate", 0.001)
    values = {"epoch": len(run.history), "rate": rate, "smaller": f"{min(rate / 10, 0.01):.2g}"}
    return ApprentiError("run_diverged", run=run.name, **values)


def _record(written: Record, outcome: Outcome) -> ApprentiError | None:
    """Record how a run ended, and return what went wrong with it, if anything did."""
    run = written.run
    status = run.said or _inferred(run, outcome)
    try:
        settle.clear(run)
        written.ended(
            status,
            process_seconds=round(outcome.seconds, 2),
            peak_memory_mb=round(outcome.peak_memory / 1e6),
        )
    except OSError as error:
        if not run.folder.is_dir():
            return ApprentiError("folder_gone", folder=run.folder)
        # The disk is full now if not before: what the script left whole is still there
        return ApprentiError("disk_full", folder=run.folder, last=error.strerror)
    wrong = status == runs.FAILED or (status == runs.KILLED and not outcome.stopped)
    return run_local.explain(outcome, run.folder) if wrong else None


def _inferred(run: Run, outcome: Outcome) -> str:
    """Return how a script ended that does not say so: somebody's own, or one of version 0.1.0."""
    whole = outcome.exit_status == 0 and bool(run.history)
    if outcome.exit_status in KILLED_STATUSES:
        return runs.KILLED
    if not outcome.stopped:
        return runs.FINISHED if whole else runs.FAILED
    # Asked to stop when all was done, a script leaves nothing to go on from
    finished = whole and not any(run.folder.glob("checkpoint.*"))
    return runs.FINISHED if finished else runs.INTERRUPTED


# A script that was not assembled here


def _as_name(stem: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)
    return kept.strip("-") or "script"


def _framework_of(text: str) -> str:
    imported = set()
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    for framework, modules in (("tensorflow", {"tensorflow", "keras"}), ("pytorch", {"torch"})):
        if imported & modules:
            return framework
    return "sklearn"


def _settings_in(text: str) -> dict[str, Any]:
    """Return the values at the top of a script, as far as they are written out."""
    found = {}
    for node in ast.walk(parse(text)):
        if isinstance(node, ast.ClassDef) and node.name == "Config":
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and line.value is not None:
                    try:
                        value = ast.literal_eval(line.value)
                    except ValueError:
                        continue
                    found[ast.unparse(line.target)] = (
                        list(value) if isinstance(value, tuple) else value
                    )
    return found
