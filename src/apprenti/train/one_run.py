"""A project becomes a run: checked data, chosen blocks, an assembled script, a child process, a record."""

import hashlib
import platform
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import __version__, optional, runs
from apprenti.data.sources import Source, open_source
from apprenti.errors import ApprentiError, Interrupted
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.project import Choices, Project
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.assemble import Script, assemble
from apprenti.script.run_local import Outcome, Watcher
from apprenti.script.translate import translate

DEFAULT_TEST = 0.15


class Plan(NamedTuple):
    """Everything a run will be, before it exists."""

    choices: Choices
    source: Source
    script: Script


def plan(project: Project, overridden: Iterable[str] = (), parity: bool = False) -> Plan:
    """Check the data and assemble the script, without leaving anything on disk.

    `overridden` are the settings given on the command line (full names): one that the script would
    not use is refused, for it would seem to have been obeyed.
    """
    framework, model = project.choices.train.framework, project.choices.model.kind
    optional.require(framework)
    source = open_source(project.choices.data.source, project.folder)
    choices = _resolve(project.choices, source)
    make_blocks = catalogue.parity_blocks if parity else catalogue.blocks
    blocks = make_blocks(framework, model, source.kind, source.shape)
    settings = flat_settings(choices, source)
    script = assemble(blocks, settings, _title(choices, source))
    for key in overridden:
        name = flat_name(key)
        if name in settings and name not in script.used_settings:
            raise ApprentiError("no_effect", key=key, model=model, framework=framework)
    text = translate(script.text, subject("script", current())["words"])
    return Plan(choices, source, script._replace(text=text))


def _resolve(choices: Choices, source: Source) -> Choices:
    """Write out what was left open, and refuse a split that leaves a part empty."""
    split = choices.data.split
    test = split.test
    if source.has_test_part and test:
        raise ApprentiError("test_part_given", source=choices.data.source, test=test)
    if test is None:
        test = 0 if source.has_test_part else DEFAULT_TEST
    kept = {part: _rows(amount, source.rows) for part, amount in (("valid", split.valid), ("test", test))}
    left = source.rows - sum(kept.values())
    if left < source.classes or kept["valid"] < 1:
        raise ApprentiError("split_impossible", rows=source.rows, left=left, **kept)
    split = split.model_copy(update={"test": test, "train": 1.0 if split.train is None else split.train})
    return choices.model_copy(update={"data": choices.data.model_copy(update={"split": split})})


def _rows(amount: float, rows: int) -> int:
    return amount if isinstance(amount, int) else round(amount * rows)


def flat_settings(choices: Choices, source: Source) -> dict[str, object]:
    """Return the settings under the names they have at the top of a script."""
    split = choices.data.split
    return {
        "data": source.name,
        **source.settings,
        "train": split.train,
        "valid": split.valid,
        "test": split.test,
        "split_seed": split.seed,
        "hidden_units": choices.model.hidden_units,
        **choices.train.model_dump(exclude={"framework"}),
    }


def flat_name(key: str) -> str:
    """Return the name a setting of apprenti.toml has at the top of a script."""
    return "split_seed" if key == "data.split.seed" else key.rpartition(".")[2]


def _title(choices: Choices, source: Source) -> str:
    framework = choices.train.framework
    values = {
        "source": source.name or choices.data.source,
        "model": say(f"words.model_{choices.model.kind}"),
        "framework": say(f"words.framework_{framework}"),
        "needs": ", ".join(catalogue.requirements(framework, source.kind)),
        "version": __version__,
    }
    return say("script.title", **values)


def train(planned: Plan, runs_folder: Path, watcher: Watcher, time_limit: float | None = None) -> Run:
    """Make the run folder, execute the script in it, and record how it ended."""
    choices, source, script = planned
    run = runs.create(runs_folder, choices.model.kind, choices.train.framework)
    try:
        runs.write_text(run.script, script.text)
        runs.write_text(run.folder / "choices.toml", _choices_text(choices))
        _record(run, source, choices.train.threads, {"status": runs.RUNNING})
    except OSError as error:
        _remove(run)
        raise ApprentiError("cannot_write", path=run.folder, reason=error.strerror) from None
    return execute(run, source, choices.train.threads, watcher, time_limit)


def _remove(run: Run) -> None:
    import shutil

    shutil.rmtree(run.folder, ignore_errors=True)


def _choices_text(choices: Choices) -> str:
    import tomlkit

    return tomlkit.dumps(choices.model_dump(mode="json", exclude_none=True))


def train_script(
    path: Path, project: Project, watcher: Watcher, time_limit: float | None = None
) -> Run:
    """Run somebody's own script (an edited train.py) in this project and record it the same way."""
    try:
        text = path.read_text(encoding="utf-8")
        compile(text, str(path), "exec")
    except (OSError, UnicodeDecodeError) as error:
        raise ApprentiError("unreadable_file", path=path, reason=error) from None
    except SyntaxError as error:
        raise ApprentiError("script_syntax", path=path, line=error.lineno, reason=error.msg) from None
    framework = _framework_of(text)
    optional.require(framework)
    source = open_source(project.choices.data.source, project.folder)
    settings = _settings_in(text)
    run = runs.create(project.runs_folder, _as_name(path.stem), framework)
    record = {
        "data": {"source": project.choices.data.source},
        "model": {"kind": path.stem},
        "train": {"framework": framework},
        "script": settings,
    }
    try:
        import tomlkit

        runs.write_text(run.script, text)
        runs.write_text(run.folder / "choices.toml", tomlkit.dumps(record))
        _record(run, source, settings.get("threads"), {"status": runs.RUNNING, "script_from": path.name})
    except OSError as error:
        _remove(run)
        raise ApprentiError("cannot_write", path=run.folder, reason=error.strerror) from None
    return execute(run, source, settings.get("threads"), watcher, time_limit)


def _as_name(stem: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in stem)
    return kept.strip("-") or "script"


def _framework_of(text: str) -> str:
    import ast

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
    import ast

    found = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and node.name == "Config":
            for line in node.body:
                if isinstance(line, ast.AnnAssign) and line.value is not None:
                    try:
                        value = ast.literal_eval(line.value)
                    except ValueError:
                        continue
                    found[ast.unparse(line.target)] = list(value) if isinstance(value, tuple) else value
    return found


def resume(run: Run, project: Project, watcher: Watcher, time_limit: float | None = None) -> Run:
    """Go on with a run that was stopped or killed, from the end of its last whole epoch."""
    if run.status == runs.RUNNING:
        raise ApprentiError("run_under_way", run=run.name)
    if run.status == runs.FINISHED:
        raise ApprentiError("run_finished", run=run.name)
    before = run.environment
    if before.get("hashes", {}).get("train.py") != digest(run.script):
        raise ApprentiError("script_changed", run=run.name, path=run.script)
    source = open_source(str(run.choices["data"]["source"]), project.folder)
    for name, known in before.get("hashes", {}).get("data", {}).items():
        if source.hashes.get(name) != known:
            raise ApprentiError("data_changed", run=run.name, name=name)
    optional.require(run.framework)
    _record(run, source, before.get("threads"), {"status": runs.RUNNING})
    return execute(run, source, before.get("threads"), watcher, time_limit)


def execute(
    run: Run, source: Source, threads: int | None, watcher: Watcher, time_limit: float | None
) -> Run:
    """Execute the script of a run and record the outcome; raises what went wrong."""

    def started(process: int) -> None:
        _record(run, source, threads, {"status": runs.RUNNING, "process": process})

    outcome = run_local.execute(run.script, source.folder, watcher, started, time_limit)
    (run.folder / "progress.csv").unlink(missing_ok=True)
    status = _status(run, outcome)
    try:
        _record(run, source, threads, {"status": status, **_facts(run, outcome)})
        if status == runs.FAILED:
            runs.write_text(run.folder / "error.txt", outcome.errors)
    except OSError:
        # A full disk: the message below says so, and the last whole checkpoint is still there
        pass
    if status == runs.FAILED:
        raise run_local.explain(outcome, run.folder)
    (run.folder / "error.txt").unlink(missing_ok=True)
    if outcome.stopped == "by_hand":
        key = "interrupted" if run.history else "interrupted_early"
        raise Interrupted(key, run=run.name, epochs=len(run.history))
    return run


def _status(run: Run, outcome: Outcome) -> str:
    if outcome.stopped:
        return runs.INTERRUPTED
    return runs.FINISHED if outcome.exit_status == 0 and run.history else runs.FAILED


def _facts(run: Run, outcome: Outcome) -> dict[str, Any]:
    """Return what is known of a run once it has ended."""
    files = [path for path in (run.folder / "predictions.csv", run.weights) if path and path.is_file()]
    return {
        "ended": datetime.now().astimezone().isoformat(timespec="seconds"),
        "process_seconds": round(outcome.seconds, 2),
        "peak_memory_mb": round(outcome.peak_memory / 1e6),
        "results": {path.name: digest(path) for path in files},
        "split": _split_digest(run),
    }


def _split_digest(run: Run) -> str | None:
    """Return the hash of the validation rows, which with the seed settles the split."""
    path = run.folder / "predictions.csv"
    if not path.is_file():
        return None
    with open(path, encoding="utf-8") as file:
        rows = [line.partition(",")[0] for line in file][1:]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def digest(path: Path) -> str:
    """Return the sha256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _record(run: Run, source: Source, threads: int | None, changes: Mapping[str, Any]) -> None:
    """Write environment.json: where and with what the run was made, and how it stands."""
    started = run.environment.get("started") or datetime.now().astimezone().isoformat(timespec="seconds")
    content = {
        "started": started,
        "threads": threads,
        "versions": versions(run.framework),
        "machine": machine(),
        "hashes": {"train.py": digest(run.script), "data": source.hashes},
        **changes,
    }
    runs.write_json(run.folder / "environment.json", content)


def versions(framework: str) -> dict[str, str]:
    """Return the versions that decide what a run computes."""
    names = {"pytorch": ["torch"], "tensorflow": ["keras"], "sklearn": ["skops"]}[framework]
    found = {name: metadata.version(name) for name in [*names, "numpy", "scikit-learn"]}
    found[framework] = optional.version(framework) or ""
    return {"apprenti": __version__, "python": platform.python_version(), **found}


def machine() -> dict[str, Any]:
    """Return what a run's numbers may depend on, and nothing that names a person or a place."""
    import psutil

    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
    }
