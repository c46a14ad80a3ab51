"""One run: a folder is made, its script is executed as it stands, what came out is recorded."""

import ast
import contextlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti import optional, runs
from apprenti.data import shared_out
from apprenti.data.checksum import digest
from apprenti.data.shared_out import Shares
from apprenti.data.sources import Source, open_source
from apprenti.errors import ApprentiError, Interrupted
from apprenti.project import DataSettings, Project
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.run_local import Outcome, Watcher
from apprenti.train import curves, record
from apprenti.train.new_rows import RECIPE
from apprenti.train.plan import Plan, flat_settings


def train(
    planned: Plan, runs_folder: Path, watcher: Watcher, time_limit: float | None = None
) -> Run:
    """Make the run folder, execute the planned script in it, and record how it ended.

    `time_limit` is in seconds; reaching it ends the run properly, with its last whole epoch.
    """
    choices, source, script, material, shares = planned
    run = runs.create(runs_folder, choices.model.kind, choices.train.framework)
    content = choices.model_dump(mode="json", exclude_none=True)
    recipe = {"material": material._asdict(), "settings": flat_settings(choices, source)}
    _begin(run, script.text, content, source, choices.train.threads, recipe, shares)
    return _execute(run, source, choices.train.threads, watcher, time_limit)


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
    run = runs.create(project.runs_folder, _as_name(path.stem), framework)
    content = {
        "data": project.choices.data.model_dump(mode="json", exclude_none=True, exclude={"split"}),
        "model": {"kind": path.stem},
        "train": {"framework": framework},
        "script": settings,
    }
    _begin(run, text, content, source, settings.get("threads"))
    return _execute(run, source, settings.get("threads"), watcher, time_limit)


def resume(run: Run, project: Project, watcher: Watcher, time_limit: float | None = None) -> Run:
    """Go on with a run that was stopped or killed, from the end of its last whole epoch."""
    if run.status == runs.RUNNING:
        raise ApprentiError("run_under_way", run=run.name)
    if run.status == runs.FINISHED:
        raise ApprentiError("run_finished", run=run.name)
    before = run.environment
    hashes = before.get("hashes", {})
    if hashes.get("train.py") != digest(run.script):
        raise ApprentiError("script_changed", run=run.name, path=run.script)
    shares = run.folder / shared_out.FILE
    if (known := hashes.get(shares.name)) and not (shares.is_file() and digest(shares) == known):
        raise ApprentiError("split_changed", run=run.name, path=shares)
    chosen = {name: value for name, value in run.choices["data"].items() if name != "split"}
    source = open_source(DataSettings.model_validate(chosen), project.folder)
    for name, known in hashes.get("data", {}).items():
        if source.hashes.get(name) != known:
            raise ApprentiError("data_changed", run=run.name, name=name)
    optional.require(run.framework)
    return _execute(run, source, before.get("threads"), watcher, time_limit)


def _begin(
    run: Run,
    text: str,
    choices: Mapping[str, Any],
    source: Source,
    threads: int | None,
    recipe: Mapping[str, Any] | None = None,
    shares: Shares | None = None,
) -> None:
    """Write what is known before the start; a folder that cannot be filled is removed again."""
    import tomlkit

    try:
        runs.write_text(run.script, text)
        runs.write_text(run.folder / "choices.toml", tomlkit.dumps(choices))
        if recipe:
            runs.write_json(run.folder / RECIPE, recipe)
        if shares:
            shared_out.write(shares, run.folder / shared_out.FILE)
        record.write(run, source, threads, {"status": runs.RUNNING})
    except OSError as error:
        shutil.rmtree(run.folder, ignore_errors=True)
        raise ApprentiError("cannot_write", path=run.folder, reason=error.strerror) from None


def _execute(
    run: Run, source: Source, threads: int | None, watcher: Watcher, time_limit: float | None
) -> Run:
    """Execute the script of a run and record the outcome; raises what went wrong."""

    def record_as(status: str, **facts: object) -> None:
        try:
            record.write(run, source, threads, {"status": status, **facts})
        except OSError as error:
            # The disk is full now if not before: what the script left whole is still there
            raise ApprentiError("disk_full", folder=run.folder, last=error.strerror) from None

    def started(process: int) -> None:
        record_as(runs.RUNNING, process=process)

    outcome = run_local.execute(run.script, source.folder, watcher, started, time_limit)
    for left in [run.folder / "progress.csv", *run.folder.rglob("*.tmp")]:
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
    status = _status(run, outcome)
    record_as(status, **record.results(run, outcome))
    if status == runs.FAILED:
        _leave_error(run, outcome)
        raise run_local.explain(outcome, run.folder)
    (run.folder / "error.txt").unlink(missing_ok=True)
    if run.history:
        curves.draw([run], run.curves)
    if outcome.stopped == "time_limit" and not run.history:
        raise ApprentiError("time_limit_early", run=run.name, limit=time_limit)
    if outcome.stopped == "by_hand":
        if status == runs.FINISHED:
            # Too late for this run, in time for those that would have followed
            raise KeyboardInterrupt
        key = "interrupted" if run.history else "interrupted_early"
        raise Interrupted(key, run=run.name, epochs=len(run.history))
    return run


def _status(run: Run, outcome: Outcome) -> str:
    whole = outcome.exit_status == 0 and bool(run.history)
    if not outcome.stopped:
        return runs.FINISHED if whole else runs.FAILED
    # Asked to stop when all was done, a script leaves nothing to go on from
    finished = whole and not any(run.folder.glob("checkpoint.*"))
    return runs.FINISHED if finished else runs.INTERRUPTED


def _leave_error(run: Run, outcome: Outcome) -> None:
    # Where there is no room for them, the message below is all that can be said
    with contextlib.suppress(OSError):
        runs.write_text(run.folder / "error.txt", outcome.errors)
    with contextlib.suppress(ApprentiError):
        if run.history:
            curves.draw([run], run.curves)


# A script that was not assembled here


def _as_name(stem: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)
    return kept.strip("-") or "script"


def _framework_of(text: str) -> str:
    imported = set()
    for node in ast.walk(ast.parse(text)):
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
    for node in ast.walk(ast.parse(text)):
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
