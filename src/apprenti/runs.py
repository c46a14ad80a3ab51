"""A run: one folder that holds what was asked, what ran, and what came out."""

import contextlib
import csv
import json
import math
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from apprenti.errors import ApprentiError, RunDamaged, nearest
from apprenti.language import say
from apprenti.measures import task_seen
from apprenti.run_files import (
    LARGEST_TABLE,
    NUMBER,
    Each,
    ListOf,
    Needed,
    beginning,
    checked,
    read_json,
    read_text,
    read_toml,
)
from apprenti.writing import save as save
from apprenti.writing import told
from apprenti.writing import write_text as write_text

if TYPE_CHECKING:
    import filelock

RUNNING, FINISHED, STOPPED_EARLY = "running", "finished", "stopped early"
INTERRUPTED, FAILED, KILLED = "interrupted", "failed", "killed"
DIVERGED, DAMAGED = "diverged", "damaged"
RECORDED = (RUNNING, FINISHED, STOPPED_EARLY, DIVERGED, INTERRUPTED, FAILED, KILLED)
STATUSES = (*RECORDED, DAMAGED)
"""Of a damaged run nobody knows more: one of its files cannot be read."""

SAID = (FINISHED, STOPPED_EARLY, DIVERGED, INTERRUPTED, FAILED)
"""What a script can say of its own end, in status.json; only what runs or was killed cannot."""

COMPLETE = (FINISHED, STOPPED_EARLY)
"""Nothing is left to be learned: the run went to its end, or its own rule ended it."""

SCRIPT, CHOICES, STATUS = "train.py", "choices.toml", "status.json"
ESSENTIAL, PREDICT, EVALUATE = "essential.py", "predict.py", "evaluate.py"
"""The short form of the script of a run, and those that open its model again."""

ENVIRONMENT, MODEL = "environment.json", os.path.join("model", "model.json")
RECIPE = "recipe.json"
"""What the scripts of a run were made from: what it learned from, and every setting."""

OPTIONAL_NUMBER = (*NUMBER, type(None))
HASHES = Each(str, data=Each(str))
IN_ENVIRONMENT = {
    "status": list(RECORDED),
    "number": int,
    "process": int,
    "process_began": OPTIONAL_NUMBER,
    "started": str,
    "ended": str,
    "threads": (int, type(None)),
    "versions": Each(str),
    "machine": dict,
    "seal": (str, type(None)),
    "hashes": HASHES,
    "results": Each(str),
    "ledger": {"openings": int, "head": (str, type(None))},
}
SCALE = {"mean": Needed(NUMBER), "deviation": Needed(NUMBER)}
IN_PREPARATION = {
    "numbers": Each({"median": Needed(NUMBER), "range": ListOf(NUMBER), **SCALE}),
    "gaps": Each(SCALE),
    "categories": Each({"frequent": Needed(ListOf(str)), "rare": Needed(ListOf(str))}),
    "texts": Each({"words": Needed(ListOf(str)), "weights": Needed(ListOf(NUMBER))}),
    "words": ListOf(str),
    "weights": ListOf(NUMBER),
    "length": int,
    "mean": ListOf(NUMBER),
    "deviation": ListOf(NUMBER),
    "scale": NUMBER,
}
IN_MODEL = {
    "parameters": (int, type(None)),
    "epoch": int,
    "classes": ListOf((*NUMBER, str, bool)),
    "preparation": IN_PREPARATION,
}
IN_CHOICES = {
    "data": {"task": ["classification", "regression"], "source": str, "text": str, "image": str},
    "model": Needed({"kind": Needed(str)}),
    "train": Needed({"framework": Needed(str), "epochs": int}),
}
"""What a file of a run says, as far as anybody relies on it."""

SAME_START = 5.0
"""Seconds by which two measurements of when one process began may differ."""

LARGEST_LOSS = 1e6
"""From here on a model is lost: 1 is about the loss of one that has learned nothing."""

LARGEST_RECORD = 100_000
"""Bytes of environment.json in which its number and its beginning are looked for."""

LARGEST_PROCESS = 2**31
"""No system numbers its processes beyond."""

DELETED, HIGHEST = ".deleted", ".number"
"""Where runs that were put aside lie, and the highest number that a run was ever given."""

LAST, BEST = "last", "best"
"""What stands for a run wherever one is named (`best`: listing.find)."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
DATED = re.compile(r"\.?\d{4}-\d\d-\d\d-(\d+)-")
"""How the name of a run begins before anybody changes it: the day, and its number."""

IDENTITY = re.compile(rb'^  "(started|number)": "?([^",\s}]+)', re.MULTILINE)
"""The lines of environment.json, as Apprenti writes it, that say which run it is."""

WINDOWS_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def has_diverged(row: Mapping[str, float]) -> bool:
    """Say of a row of a history whether the model is lost, as scripts do (backends/report)."""
    return not row.get("train_loss", 0.0) < LARGEST_LOSS


class Run(NamedTuple):
    """One run folder. Everything is read from its files, nothing is kept elsewhere."""

    folder: Path

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def number(self) -> int | None:
        """What it is called for short; no other run of the project ever has the same.

        None of a run of version 0.1.0 that was renamed.
        """
        return _identity(self.folder)[1]

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
        return len((read_text(self.folder / ESSENTIAL) or "").splitlines())

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
        return _choices(self.folder / CHOICES)

    @property
    def framework(self) -> str:
        return str(self.choices["train"]["framework"])

    @property
    def model(self) -> str:
        return str(self.choices["model"]["kind"])

    @property
    def environment(self) -> dict[str, Any]:
        return read_json(self.folder / ENVIRONMENT, IN_ENVIRONMENT)

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
        status = self._last_words.get("status")
        return None if status is None else str(status)

    @property
    def kept_nothing(self) -> bool:
        """Whether it was interrupted before its first epoch was saved, as the script said.

        An epoch may have been reported by then: no model stands behind it.
        """
        said = self._last_words
        nothing = said.get("status") == INTERRUPTED and said.get("epochs") == 0
        return nothing and not any(self.folder.glob("checkpoint.*"))

    @property
    def _last_words(self) -> dict[str, Any]:
        try:
            return read_json(self.folder / STATUS, {"status": list(SAID), "epochs": int})
        except RunDamaged:
            # It may be just being written
            return {}

    @property
    def history(self) -> list[dict[str, float]]:
        """One row an epoch, under the names of history.csv; `seconds` counts from the start."""
        rows = read_rows(self.folder / "history.csv")
        return [{name: _number(row[name]) for name in row if name} for row in rows]

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose model is kept, where the script says that it is not just the last."""
        if self.said is None and self.status == RUNNING:
            # A model may be there that was left before it was resumed
            return None
        found = read_json(self.folder / MODEL, IN_MODEL).get("epoch")
        return None if found is None else int(found)

    @property
    def kept(self) -> dict[str, float]:
        """The row of the history that counts: that of the epoch whose model is kept.

        It is the last one, unless early stopping kept a better one; empty where there is none.
        """
        return kept_row(self.history, self.kept_epoch)

    @property
    def parameters(self) -> int | None:
        """How many numbers the model has learned; None when the run left no model."""
        found = read_json(self.folder / MODEL, IN_MODEL).get("parameters")
        return None if found is None else int(found)

    @property
    def note(self) -> str:
        return read_text(self.folder / "note.txt") or ""


def kept_row(history: Sequence[Mapping[str, float]], epoch: int | None) -> dict[str, float]:
    """Return the row of an epoch (1 is the first), or the last where there is none such."""
    if epoch is not None and 0 < epoch <= len(history):
        return dict(history[epoch - 1])
    return dict(history[-1]) if history else {}


def best_epoch(history: Sequence[Mapping[str, float]]) -> int:
    """Return the epoch that early stopping keeps, as scripts do (backends/early_stopping)."""
    losses = [row.get("valid_loss", math.nan) for row in history]
    lowest = min(losses, default=math.nan)
    alike = (number for number, loss in enumerate(losses, start=1) if loss == lowest)
    return max(alike, default=len(losses))


def _identity(folder: Path) -> tuple[str, int | None]:
    """Return when a run was begun, as its record or else its name says it, and its number."""
    found = dict(IDENTITY.findall(beginning(folder / ENVIRONMENT, LARGEST_RECORD)))
    dated = DATED.match(folder.name)
    number = found.get(b"number", b"") or (dated[1].encode() if dated else b"")
    started = found.get(b"started", b"").decode(errors="replace") or folder.name[:10]
    return started, int(number) if number.isdigit() and len(number) < 10 else None


def _order(run: Run) -> tuple[float, int, str]:
    """Return what runs are sorted by, the oldest first."""
    started, number = _identity(run.folder)
    return moment(started) or 0.0, number or 0, run.name


def moment(written: str | None) -> float | None:
    """Return a time that a record has, in seconds since 1970; None where it is no time."""
    with contextlib.suppress(ValueError, OverflowError, OSError):
        return datetime.fromisoformat(written or "").timestamp()
    return None


def _number(written: str | None) -> float:
    """Read a number; what somebody's own script wrote instead of one is not a number."""
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan


def _choices(path: Path) -> dict[str, Any]:
    found = read_toml(path, IN_CHOICES)
    return checked(path, found, {"train": {"framework": list(frameworks())}})


@cache
def frameworks() -> tuple[str, ...]:
    """Return what runs are made with."""
    from apprenti.project import TrainSettings

    return get_args(TrainSettings.model_fields["framework"].annotation)


def _status(folder: Path, environment: Mapping[str, Any]) -> str:
    status = str(environment.get("status", FAILED))
    if status != RUNNING:
        return status
    if _alive(environment):
        return RUNNING
    return Run(folder).said or (RUNNING if _at_work(folder) else KILLED)


def process_of(run: Run) -> int | None:
    """Return the number of the process that has a run in hand, or None where there is none."""
    environment = run.environment
    return int(environment["process"]) if _alive(environment) else _at_work(run.folder)


def _at_work(folder: Path) -> int | None:
    """Return the process of a script whose number nobody had written when its parent died."""
    import psutil

    here = str(folder.resolve())
    for process in psutil.process_iter(["cwd", "cmdline"]):
        words = process.info["cmdline"] or []
        if process.info["cwd"] == here and SCRIPT in words:
            return int(process.pid)
    return None


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
    start = began(process) if 0 < process < LARGEST_PROCESS else None
    if start is None:
        return False
    known = environment.get("process_began")
    return known is None or abs(start - known) < SAME_START


NOTED = ("epoch", "seconds", "train_", "valid_")
"""So the columns of a history begin that our scripts write."""


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
    """The last row of the history: how far it came; empty where there is none."""
    note: str
    settled: bool
    """Whether how it ended is recorded."""
    damage: str = ""
    """Which file cannot be read, and why; of such a run nothing else is known."""
    number: int | None = None
    """What it is called for short."""
    choices: Mapping[str, Any] = MappingProxyType({})
    """Its settings, as choices.toml has them."""
    kept: Mapping[str, float] = MappingProxyType({})
    """The row of the history that counts, as `Run.kept`: its scores are those of the run."""
    openings: int = 0
    """How often the test set had been opened when it was begun, or last gone on with."""

    @property
    def run(self) -> Run:
        return Run(self.folder)

    @property
    def complete(self) -> bool:
        return self.status in COMPLETE

    @property
    def kept_epoch(self) -> int | None:
        """The epoch whose model is kept, where that is not the last one."""
        epoch = self.kept.get("epoch", math.nan)
        return int(epoch) if math.isfinite(epoch) and epoch != self.last.get("epoch") else None

    @property
    def _until_the_end(self) -> dict[str, float]:
        return {name: self.last[name] for name in ("epoch", "seconds") if name in self.last}

    def summary(self) -> dict[str, Any]:
        """Return what --json says of a run: what it is, and the row of its history that counts.

        `epoch` is how far it came; `kept_epoch` is there where the model is that of another one.
        What somebody's own script has noted under names of its own cannot stand for a fact.
        """
        numbers = {
            name: int(value) if name == "epoch" and math.isfinite(value) else value
            for name, value in {**self.kept, **self._until_the_end}.items()
            if name.startswith(NOTED)
        }
        own = {name: value for name, value in self.kept.items() if not name.startswith(NOTED)}
        return {
            "run": self.name,
            "path": str(self.folder),
            "framework": self.framework,
            "model": self.model,
            "task": self.task or task_seen(self.last),
            "status": self.status,
            **({"damage": self.damage} if self.damage else {}),
            "parameters": self.parameters,
            **numbers,
            **({"kept_epoch": self.kept_epoch} if self.kept_epoch else {}),
            **({"own_measures": own} if own else {}),
            "seconds": self.last.get("seconds"),
        }


def read_any(run: Run) -> RunFacts:
    """Read the files of a run; one that is damaged has this status, and says which file it is."""
    try:
        return read(run)
    except RunDamaged as error:
        what, why, _ = error.parts()
        unknown = RunFacts(run.name, run.folder, "", "", None, DAMAGED, None, None, {}, "", True)
        return unknown._replace(damage=f"{what} {why}", number=run.number)


def read(run: Run) -> RunFacts:
    """Read the files of a run, each once, and of its history the last row alone."""
    environment, choices = run.environment, run.choices
    last = _last_row(run.folder / "history.csv")
    return RunFacts(
        run.name,
        run.folder,
        choices["train"]["framework"],
        choices["model"]["kind"],
        choices.get("data", {}).get("task"),
        _status(run.folder, environment),
        environment.get("started"),
        run.parameters,
        last,
        run.note,
        environment.get("status", RUNNING) != RUNNING,
        number=run.number,
        choices=choices,
        # Only where another row counts is all of them read
        kept=last if run.kept_epoch is None else run.kept,
        openings=environment.get("ledger", {}).get("openings", 0),
    )


TAIL = 4096
"""Bytes in which the last row of a history is looked for; more than any row of ours takes."""


def _last_row(path: Path) -> dict[str, float]:
    if not path.is_file() and path.exists():
        raise RunDamaged(path, say("runs.damage.no_file"))
    try:
        with open(path, "rb") as file:
            head = file.readline(TAIL)
            start = max(file.tell(), file.seek(0, os.SEEK_END) - TAIL)
            file.seek(start)
            rows = file.read(TAIL).decode(errors="replace").splitlines()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise RunDamaged(path, error.strerror) from None
    lines = [line for line in rows if line.strip()]
    if not lines:
        return {}
    row = next(_rows(path, [head.decode(errors="replace"), lines[-1]]), {})
    return {name: _number(value) for name, value in row.items() if name}


def _rows(path: Path, lines: Iterable[str]) -> Iterator[dict[str, str]]:
    try:
        # A line without an end, or with a quotation mark that is never closed, is no row
        yield from csv.DictReader(lines)
    except (csv.Error, UnicodeDecodeError) as error:
        raise RunDamaged(path, error) from None


def summary(run: Run) -> dict[str, Any]:
    """Return what --json says of a run: what it is, and the row of its history that counts."""
    return read(run).summary()


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table that a script left, by its columns; none where it is not."""
    try:
        if not path.exists():
            return []
        if not path.is_file() or path.stat().st_size > LARGEST_TABLE:
            raise RunDamaged(path, say("runs.damage.no_file"))
        with open(path, newline="", encoding="utf-8") as file:
            return list(_rows(path, file))
    except OSError as error:
        raise RunDamaged(path, error.strerror) from None


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
    """Make the folder of a new run: the date, its number, the model, the framework.

    The number is above that of every run of the project before it, also of those put aside.

    Of several who do so at once each gets a number of its own. It is listed as soon as it has a
    choices.toml; until then it says whose it is, so that it is removed if that process has died.
    """
    today = date.today().isoformat()
    try:
        runs_folder.mkdir(parents=True, exist_ok=True)
        _clear(runs_folder)
        while True:
            number = max([*_numbers(runs_folder), highest(runs_folder)]) + 1
            reserved = runs_folder / f".{today}-{number:03}-"
            with contextlib.suppress(FileExistsError):
                reserved.mkdir()
                try:
                    # Somebody may have made it since we looked
                    if _numbers(runs_folder).count(number) == 1:
                        return _make(
                            runs_folder / f"{reserved.name[1:]}{model}-{framework}", number
                        )
                finally:
                    reserved.rmdir()
    except OSError as error:
        raise ApprentiError("cannot_write", path=runs_folder, reason=error.strerror) from None


def _make(folder: Path, number: int) -> Run:
    folder.mkdir()
    made_by = {"process": os.getpid(), "process_began": began(os.getpid())}
    write_json(folder / ENVIRONMENT, {"status": RUNNING, "number": number, **made_by})
    if number > highest(folder.parent) or not (folder.parent / HIGHEST).exists():
        write_text(folder.parent / HIGHEST, f"{number}\n")
    return Run(folder)


def discard(run: Run) -> None:
    """Remove the folder of a run that never began."""
    if _is_being_made(run.folder):
        shutil.rmtree(run.folder, ignore_errors=True)


def _is_being_made(folder: Path) -> bool:
    if any((folder / name).exists() for name in (CHOICES, "history.csv", "output.txt")):
        return False
    with contextlib.suppress(RunDamaged):
        return Run(folder).environment.get("status") == RUNNING
    return False


ABANDONED = 60.0
"""Seconds after which nobody is still between two acts of making a folder."""


def _clear(runs_folder: Path) -> None:
    """Remove what was left by those who died while they made a run."""
    for name in os.listdir(runs_folder):
        folder = runs_folder / name
        if not re.match(r"\.?\d{4}-\d\d-\d\d-\d+-", name) or not folder.is_dir():
            continue
        # Somebody else may be making or removing the same one
        with contextlib.suppress(OSError, RunDamaged):
            if _is_being_made(folder) and not _alive(Run(folder).environment):
                shutil.rmtree(folder, ignore_errors=True)
            elif not os.listdir(folder) and folder.stat().st_mtime < time.time() - ABANDONED:
                folder.rmdir()


def _numbers(runs_folder: Path) -> list[int]:
    """Return the numbers that names say: of runs, of deleted runs, and of runs being made."""
    deleted = runs_folder / DELETED
    names = os.listdir(runs_folder) + (os.listdir(deleted) if deleted.is_dir() else [])
    return [int(found[1]) for name in names if (found := DATED.match(name))]


def highest(runs_folder: Path) -> int:
    """Return the highest number that was given to a run, which may have been renamed or removed."""
    with contextlib.suppress(ValueError):
        return int(beginning(runs_folder / HIGHEST, 20))
    known = [*_entries(runs_folder), *_entries(runs_folder / DELETED)]
    return max((_identity(entry)[1] or 0 for entry in known), default=0)


def _entries(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(e for e in folder.iterdir() if e.is_dir() and not e.name.startswith("."))


def all_runs(runs_folder: Path) -> list[Run]:
    """Return the runs of a project, the oldest first, damaged ones too."""
    return sorted((Run(entry) for entry in _entries(runs_folder) if _is_run(entry)), key=_order)


def _is_run(folder: Path) -> bool:
    if (folder / CHOICES).exists():
        return True
    # What was settled before a script begins is written last: without it the run is being made
    left = any((folder / name).exists() for name in (SCRIPT, "history.csv", MODEL))
    return left and not _is_being_made(folder)


def sound(runs_folder: Path) -> list[Run]:
    """Return the runs of a project that are not damaged, the oldest first."""
    return [run for run in all_runs(runs_folder) if not read_any(run).damage]


def find(runs_folder: Path, wanted: str) -> Run:
    """Return the run of this name, this number, a part that only one name has, or the `last`."""
    runs = all_runs(runs_folder)
    if not runs:
        raise ApprentiError("no_runs", folder=runs_folder.parent)
    found = named(runs, wanted)
    if found is None:
        near = nearest(wanted, [run.name for run in runs[-10:]])
        raise ApprentiError("run_unknown", wanted=wanted, nearest=near)
    return found


def named(runs: Sequence[Run], wanted: str) -> Run | None:
    """Return the one of these runs that is meant, as `find` does; None where it is none of them."""
    return runs[-1] if runs and wanted == LAST else _the_one(runs, wanted)


def _the_one(runs: Sequence[Run], wanted: str) -> Run | None:
    """Return the run that is meant by a name, a number (5, #5) or a part of a name."""
    number = wanted.removeprefix("#")
    matching = [run for run in runs if run.name == wanted]
    if not matching and number.isdecimal():
        # Never a part of a name: each has the digits of its day
        matching = [run for run in runs if run.number == int(number[:20])]
    elif not matching:
        matching = [run for run in runs if wanted in run.name]
    if len(matching) > 1:
        names = ", ".join(run.name for run in matching)
        raise ApprentiError("run_ambiguous", wanted=wanted, names=names)
    return matching[0] if matching else None


def short_names(chosen: Iterable[Run]) -> dict[Run, str]:
    """Return what each of these runs of a project is called for short, in a command too.

    That is its number, unless another has it (in a project of version 0.1.0), or else its name.
    """
    chosen = list(chosen)
    there = all_runs(chosen[0].folder.parent) if chosen else []
    taken = Counter(run.number for run in there)
    return {
        run: str(number) if (number := run.number) and taken[number] < 2 else run.name
        for run in chosen
    }


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
        or name in (LAST, BEST)
        or name.isdecimal()
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
    if read_any(run).status == RUNNING:
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
    """Bring back a run that was deleted, named as `find` has it."""
    deleted = sorted(map(Run, _entries(runs_folder / DELETED)), key=_order)
    found = named(deleted, name)
    if found is None:
        near = nearest(name, [run.name for run in deleted])
        raise ApprentiError("not_deleted", name=name, nearest=near)
    target = runs_folder / found.name
    if target.exists():
        raise ApprentiError("run_exists", name=found.name)
    with told(runs_folder):
        found.folder.rename(target)
    return Run(target)


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
