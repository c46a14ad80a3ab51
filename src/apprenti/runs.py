"""A run: one folder that holds what was asked, what ran, and what came out."""

import contextlib
import csv
import json
import math
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import ApprentiError, nearest
from apprenti.writing import save as save
from apprenti.writing import told
from apprenti.writing import write_text as write_text

if TYPE_CHECKING:
    import filelock

RUNNING, FINISHED, STOPPED_EARLY = "running", "finished", "stopped early"
INTERRUPTED, FAILED, KILLED = "interrupted", "failed", "killed"
STATUSES = (RUNNING, FINISHED, STOPPED_EARLY, INTERRUPTED, FAILED, KILLED)
SAID = (FINISHED, STOPPED_EARLY, INTERRUPTED, FAILED)
"""What a script can say of its own end, in status.json; only what runs or was killed cannot."""

COMPLETE = (FINISHED, STOPPED_EARLY)
"""Nothing is left to be learned: the run went to its end, or its own rule ended it."""

SCRIPT, CHOICES, STATUS = "train.py", "choices.toml", "status.json"
ESSENTIAL, PREDICT, EVALUATE = "essential.py", "predict.py", "evaluate.py"
"""The short form of the script of a run, and those that open its model again."""

RECIPE = "recipe.json"
"""What the scripts of a run were made from: what it learned from, and every setting."""

SAME_START = 5.0
"""Seconds by which two measurements of when one process began may differ."""

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
        return self.folder / SCRIPT

    @property
    def essential(self) -> Path | None:
        """The short form of the script, to read first; None where the run has none."""
        path = self.folder / ESSENTIAL
        return path if path.is_file() else None

    @property
    def essential_lines(self) -> int:
        """How long the short form is; 0 where there is none."""
        return len(self.essential.read_text("utf-8").splitlines()) if self.essential else 0

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
        return tomllib.loads((self.folder / CHOICES).read_text(encoding="utf-8"))

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
        """One of STATUSES: what was recorded, or else what the script itself said of its end."""
        return _status(self.folder, self.environment)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be learned: it went to its end, or its own rule ended it."""
        return self.status in COMPLETE

    @property
    def said(self) -> str | None:
        """What the script said of its end; None while it runs, and where it says no such thing."""
        status = _read_json(self.folder / STATUS).get("status")
        return str(status) if status in SAID else None

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


def _status(folder: Path, environment: Mapping[str, Any]) -> str:
    status = str(environment.get("status", FAILED))
    if status != RUNNING:
        return status
    return RUNNING if _alive(environment) else Run(folder).said or KILLED


def began(process: int) -> float | None:
    """Return when a process began, in seconds since 1970, or None when there is none (any more)."""
    import psutil

    try:
        found = psutil.Process(process)
        ended = found.status() == psutil.STATUS_ZOMBIE
        return None if ended else float(found.create_time())
    except psutil.NoSuchProcess:
        return None


def _alive(environment: Mapping[str, Any]) -> bool:
    """Say if the process of a run is there; another with its number began at another time."""
    process = environment.get("process", 0)
    start = began(process) if process > 0 else None
    if start is None:
        return False
    known = environment.get("process_began")
    return known is None or abs(start - known) < SAME_START


class RunFacts(NamedTuple):
    """What there is to know of a run at one moment, without its whole history."""

    name: str
    folder: Path
    framework: str
    model: str
    task: str | None
    status: str
    started: str | None
    parameters: int | None
    last: Mapping[str, float]
    """The last row of the history; empty where there is none."""
    note: str
    settled: bool
    """Whether how it ended is recorded."""

    @property
    def complete(self) -> bool:
        return self.status in COMPLETE

    def summary(self) -> dict[str, Any]:
        """Return what --json says of a run: what it is, and the last row of its history."""
        numbers = {
            name: int(value) if name == "epoch" and math.isfinite(value) else value
            for name, value in self.last.items()
        }
        return {
            "run": self.name,
            "path": str(self.folder),
            "framework": self.framework,
            "model": self.model,
            **({"task": self.task} if self.task else {}),
            "status": self.status,
            "parameters": self.parameters,
            **numbers,
            "seconds": self.last.get("seconds", 0.0),
        }


def read(run: Run) -> RunFacts:
    """Read the files of a run, each once, and of its history the last row alone."""
    environment = run.environment
    framework, model, task = _what(run.folder / CHOICES)
    return RunFacts(
        run.name,
        run.folder,
        framework,
        model,
        task,
        _status(run.folder, environment),
        environment.get("started"),
        run.parameters,
        _last_row(run.folder / "history.csv"),
        run.note,
        environment.get("status", RUNNING) != RUNNING,
    )


OURS = re.compile(
    r"\[data\]\n(?P<data>(?:(?!\[).*\n)*)"
    r"(?:\n*\[data\.split\]\n(?:(?!\[).*\n)*)?"
    r'\n*\[model\]\nkind = "(?P<model>\w+)"\n(?:(?!\[).*\n)*'
    r'\n*\[train\]\nframework = "(?P<framework>\w+)"\n(?:(?!\[).*\n)*'
)
"""choices.toml as Apprenti writes it, each value on its line; read so in a tenth of the time."""


def _what(choices: Path) -> tuple[str, str, str | None]:
    """Return the framework, the model and the task of a run."""
    text = choices.read_text(encoding="utf-8")
    if ours := OURS.fullmatch(text):
        task = re.search(r'^task = "(\w+)"$', ours["data"], re.MULTILINE)
        return ours["framework"], ours["model"], task[1] if task else None
    content = tomllib.loads(text)
    task = content.get("data", {}).get("task")
    framework, model = content["train"]["framework"], content["model"]["kind"]
    return str(framework), str(model), None if task is None else str(task)


TAIL = 4096
"""Bytes in which the last row of a history is looked for; more than any row of ours takes."""


def _last_row(path: Path) -> dict[str, float]:
    try:
        with open(path, "rb") as file:
            head = file.readline()
            start = max(file.tell(), file.seek(0, os.SEEK_END) - TAIL)
            file.seek(start)
            rows = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    lines = [line for line in rows if line.strip()]
    if not lines:
        return {}
    (row,) = csv.DictReader([head.decode("utf-8"), lines[-1]])
    return {name: _number(value) for name, value in row.items() if name}


def summary(run: Run) -> dict[str, Any]:
    """Return what --json says of a run: what it is, and the last row of its history."""
    return read(run).summary()


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that a script left, by its columns; none where it is not."""
    if not path.is_file():
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def plain(value: Any) -> Any:
    """Return a value as JSON can write it: a loss that is no number becomes null."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    write_text(path, as_json(content))


def as_json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def create(runs_folder: Path, model: str, framework: str) -> Run:
    """Make the folder of a new run: the date, a number that rises, the model, the framework.

    Of several who do so at once each gets a number of its own.
    """
    today = date.today().isoformat()
    try:
        runs_folder.mkdir(parents=True, exist_ok=True)
        while True:
            number = max(_numbers(runs_folder, today), default=0) + 1
            reserved = runs_folder / f".{today}-{number:03}-"
            with contextlib.suppress(FileExistsError):
                reserved.mkdir()
                try:
                    # Somebody may have made it since we looked
                    if _numbers(runs_folder, today).count(number) == 1:
                        folder = runs_folder / f"{reserved.name[1:]}{model}-{framework}"
                        folder.mkdir()
                        return Run(folder)
                finally:
                    reserved.rmdir()
    except OSError as error:
        raise ApprentiError("cannot_write", path=runs_folder, reason=error.strerror) from None


def _numbers(runs_folder: Path, day: str) -> list[int]:
    """Return the numbers taken on a day: by runs, by deleted runs, and by runs being made."""
    deleted = runs_folder / DELETED
    names = os.listdir(runs_folder) + (os.listdir(deleted) if deleted.is_dir() else [])
    return [int(found[1]) for name in names if (found := re.match(rf"\.?{day}-(\d+)-", name))]


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(e for e in folder.iterdir() if e.is_dir() and not e.name.startswith("."))


def all_runs(runs_folder: Path) -> list[Run]:
    """Return the runs of a project, the oldest first."""
    return [Run(entry) for entry in _entries(runs_folder) if (entry / CHOICES).is_file()]


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
    path = run.folder / "note.txt"
    with told(path):
        if text:
            write_text(path, text)
        else:
            path.unlink(missing_ok=True)


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
    with told(run.folder):
        run.folder.rename(target)
    return Run(target)


def _refuse_under_way(run: Run) -> None:
    # Released at once: a folder with an open file in it cannot be moved everywhere
    lock(run).release()
    if run.status == RUNNING:
        raise ApprentiError("run_under_way", run=run.name)


def delete(run: Run) -> None:
    """Put a run aside; `restore` brings it back until another of its name is deleted."""
    _refuse_under_way(run)
    aside = run.folder.parent / DELETED / run.name
    shutil.rmtree(aside, ignore_errors=True)
    with told(run.folder):
        aside.parent.mkdir(exist_ok=True)
        run.folder.rename(aside)


def restore(runs_folder: Path, name: str) -> Run:
    """Bring back a run that was deleted."""
    deleted = {entry.name: entry for entry in _entries(runs_folder / DELETED)}
    if name not in deleted:
        raise ApprentiError("not_deleted", name=name, nearest=nearest(name, deleted) or "-")
    if (runs_folder / name).exists():
        raise ApprentiError("run_exists", name=name)
    with told(runs_folder):
        deleted[name].rename(runs_folder / name)
    return Run(runs_folder / name)


def lock(run: Run) -> "filelock.FileLock":
    """Take a run for oneself, to execute it or to settle it; whoever takes it releases it.

    Raises an error at once if another has it.
    """
    import filelock

    try:
        held = filelock.FileLock(run.folder / ".lock", blocking=False)
        held.acquire()
    except filelock.Timeout:
        raise ApprentiError("run_under_way", run=run.name) from None
    except OSError as error:
        reason = error.strerror or error
        raise ApprentiError("cannot_write", path=run.folder, reason=reason) from None
    return held
