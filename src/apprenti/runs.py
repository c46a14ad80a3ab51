"""A run: one folder that holds what was asked, what ran, and what came out."""

import contextlib
import csv
import json
import math
import os
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.errors import ApprentiError, nearest

RUNNING, FINISHED, INTERRUPTED, FAILED, KILLED = (
    "running",
    "finished",
    "interrupted",
    "failed",
    "killed",
)
STATUSES = (RUNNING, FINISHED, INTERRUPTED, FAILED, KILLED)

DELETED = ".deleted"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Run(NamedTuple):
    """One run folder. Everything is read from its files, nothing is kept elsewhere."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def script(self) -> Path:
        return self.folder / "train.py"

    @property
    def curves(self) -> Path:
        return self.folder / "curves.png"

    @property
    def weights(self) -> Path | None:
        """The file of weights, in the framework's own format; None before there is one."""
        names = ("weights.pt", "model.weights.h5", "model.skops")
        paths = (self.folder / "model" / name for name in names)
        return next((path for path in paths if path.is_file()), None)

    @property
    def task(self) -> str | None:
        """What is predicted, classification or regression, where the data left it open."""
        task = self.choices.get("data", {}).get("task")
        return None if task is None else str(task)

    @property
    def choices(self) -> dict[str, Any]:
        return tomllib.loads((self.folder / "choices.toml").read_text(encoding="utf-8"))

    @property
    def framework(self) -> str:
        return str(self.choices["train"]["framework"])

    @property
    def model(self) -> str:
        return str(self.choices["model"]["kind"])

    @property
    def environment(self) -> dict[str, Any]:
        return _read_json(self.folder / "environment.json")

    @property
    def status(self) -> str:
        environment = self.environment
        status = str(environment.get("status", FAILED))
        if status == RUNNING and not _alive(environment.get("process", 0)):
            return KILLED
        return status

    @property
    def history(self) -> list[dict[str, float]]:
        """One row an epoch, under the names of history.csv; `seconds` counts from the start."""
        rows = read_rows(self.folder / "history.csv")
        return [{name: _number(row[name]) for name in row if name} for row in rows]

    @property
    def parameters(self) -> int | None:
        """How many numbers the model has learned; None when the run left no model."""
        found = _read_json(self.folder / "model" / "model.json").get("parameters")
        return None if found is None else int(found)

    @property
    def note(self) -> str:
        path = self.folder / "note.txt"
        return path.read_text(encoding="utf-8") if path.is_file() else ""


def _number(written: str | None) -> float:
    """Read a number; what somebody's own script wrote instead of one is not a number."""
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def _alive(process: int) -> bool:
    import psutil

    try:
        return process > 0 and psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def summary(run: Run) -> dict[str, Any]:
    """Return what --json says of a run: what it is, and the last row of its history."""
    last = run.history[-1] if run.history else {}
    return {
        "run": run.name,
        "path": str(run.folder),
        "framework": run.framework,
        "model": run.model,
        **({"task": run.task} if run.task else {}),
        "status": run.status,
        "parameters": run.parameters,
        **{n: int(v) if n == "epoch" and math.isfinite(v) else v for n, v in last.items()},
        "seconds": last.get("seconds", 0.0),
    }


def write_text(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all."""
    arriving = path.with_name(path.name + ".tmp")
    try:
        arriving.write_text(text, encoding="utf-8")
        os.replace(arriving, path)
    finally:
        arriving.unlink(missing_ok=True)


def save(path: Path, text: str) -> None:
    """Write a file for the user, whole or not at all, or say that it cannot be written."""
    try:
        write_text(path, text)
    except OSError as error:
        raise ApprentiError("cannot_write", path=path, reason=error.strerror) from None


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that a script left, by its columns; none where it is not."""
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, json.dumps(content, ensure_ascii=False, indent=2) + "\n")


def create(runs_folder: Path, model: str, framework: str) -> Run:
    """Make the folder of a new run: the date, a number that rises, the model, the framework."""
    today = date.today().isoformat()
    taken = [entry.name for entry in _entries(runs_folder) + _entries(runs_folder / DELETED)]
    numbers = [int(found[1]) for name in taken if (found := re.match(rf"{today}-(\d+)-", name))]
    folder = runs_folder / f"{today}-{max(numbers, default=0) + 1:03}-{model}-{framework}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise ApprentiError("cannot_write", path=runs_folder, reason=error.strerror) from None
    return Run(folder)


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(e for e in folder.iterdir() if e.is_dir() and not e.name.startswith("."))


def all_runs(runs_folder: Path) -> list[Run]:
    """Return the runs of a project, the oldest first."""
    return [Run(entry) for entry in _entries(runs_folder) if (entry / "choices.toml").is_file()]


def find(runs_folder: Path, wanted: str) -> Run:
    """Return the run of this name, of a part that only one name has, or the `last` one."""
    runs = all_runs(runs_folder)
    if not runs:
        raise ApprentiError("no_runs", folder=runs_folder.parent)
    matching = [run for run in runs if run.name == wanted] or [
        run for run in runs if wanted in run.name
    ]
    if wanted == "last":
        return runs[-1]
    if len(matching) == 1:
        return matching[0]
    if matching:
        names = ", ".join(run.name for run in matching)
        raise ApprentiError("run_ambiguous", wanted=wanted, names=names)
    near = nearest(wanted, [run.name for run in runs[-10:]])
    raise ApprentiError("run_unknown", wanted=wanted, nearest=near)


def set_note(run: Run, text: str) -> None:
    """Replace the note of a run; an empty one removes it."""
    if text:
        write_text(run.folder / "note.txt", text)
    else:
        (run.folder / "note.txt").unlink(missing_ok=True)


def rename(run: Run, name: str) -> Run:
    """Give a run another name, which must be new and stay inside the folder of the runs."""
    if (
        not NAME.fullmatch(name)
        or name.endswith(".")
        or WINDOWS_DEVICES.fullmatch(name)
        or name == "last"
    ):
        raise ApprentiError("run_name", name=name)
    _refuse_under_way(run)
    target = run.folder.with_name(name)
    if target.exists():
        raise ApprentiError("run_exists", name=name)
    run.folder.rename(target)
    return Run(target)


def _refuse_under_way(run: Run) -> None:
    if run.status == RUNNING:
        raise ApprentiError("run_under_way", run=run.name)


def delete(run: Run) -> None:
    """Put a run aside; `restore` brings it back until another of its name is deleted."""
    _refuse_under_way(run)
    aside = run.folder.parent / DELETED / run.name
    shutil.rmtree(aside, ignore_errors=True)
    aside.parent.mkdir(exist_ok=True)
    run.folder.rename(aside)


def restore(runs_folder: Path, name: str) -> Run:
    """Bring back a run that was deleted."""
    deleted = {entry.name: entry for entry in _entries(runs_folder / DELETED)}
    if name not in deleted:
        raise ApprentiError("not_deleted", name=name, nearest=nearest(name, deleted) or "-")
    if (runs_folder / name).exists():
        raise ApprentiError("run_exists", name=name)
    deleted[name].rename(runs_folder / name)
    return Run(runs_folder / name)


@contextlib.contextmanager
def lock(runs_folder: Path) -> Iterator[None]:
    """Let one command at a time train in a project; a second one is told so at once."""
    import filelock

    new = not runs_folder.exists()
    try:
        runs_folder.mkdir(parents=True, exist_ok=True)
        held = filelock.FileLock(runs_folder / ".lock", blocking=False)
        held.acquire()
    except filelock.Timeout:
        raise ApprentiError("project_busy", folder=runs_folder.parent) from None
    except OSError as error:
        raise ApprentiError(
            "cannot_write", path=runs_folder, reason=error.strerror or error
        ) from None
    try:
        yield
    finally:
        held.release()
        if new and not _entries(runs_folder):
            # No run came of it: leave the project as it was
            with contextlib.suppress(OSError):
                (runs_folder / ".lock").unlink(missing_ok=True)
                runs_folder.rmdir()
