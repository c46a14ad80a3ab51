"""Which folders are runs, in what order, and which numbers they were given."""

import contextlib
import os
from pathlib import Path

from apprenti.errors import RunDamaged
from apprenti.once import Once
from apprenti.run_files import beginning
from apprenti.runs.facts import read_any
from apprenti.runs.record import CHOICES, MODEL, RUNNING, SCRIPT
from apprenti.runs.run import DATED, Run, identity, order_of

DELETED, HIGHEST = ".deleted", ".number"
"""Where runs that were put aside lie, and the highest number that a run was ever given."""

LISTED: Once[list[Run]] = Once("listed_runs")
"""The runs of a project, while they are listed."""


def all_runs(runs_folder: Path) -> list[Run]:
    """Return the runs of a project, the oldest first, damaged ones too."""
    return list(LISTED.get(runs_folder, lambda: _all_runs(runs_folder)))


def _all_runs(runs_folder: Path) -> list[Run]:
    return sorted((Run(entry) for entry in entries(runs_folder) if _is_run(entry)), key=order_of)


def sound(runs_folder: Path) -> list[Run]:
    """Return the runs of a project that are not damaged, the oldest first."""
    return [run for run in all_runs(runs_folder) if not read_any(run).damage]


def _is_run(folder: Path) -> bool:
    if (folder / CHOICES).exists():
        return True
    # What was settled before a script begins is written last: without it the run is being made
    left = any((folder / name).exists() for name in (SCRIPT, "history.csv", MODEL))
    return left and not is_being_made(folder)


def is_being_made(folder: Path) -> bool:
    """Say whether a run is between its folder and its settings, which are written last."""
    if any((folder / name).exists() for name in (CHOICES, "history.csv", "output.txt")):
        return False
    with contextlib.suppress(RunDamaged):
        return Run(folder).environment.get("status") == RUNNING
    return False


def entries(folder: Path) -> list[Path]:
    """Return the folders inside one that are not hidden, by their names."""
    if not folder.is_dir():
        return []
    return sorted(e for e in folder.iterdir() if e.is_dir() and not e.name.startswith("."))


def numbers(runs_folder: Path) -> list[int]:
    """Return the numbers that names say: of runs, of deleted runs, and of runs being made."""
    deleted = runs_folder / DELETED
    names = os.listdir(runs_folder) + (os.listdir(deleted) if deleted.is_dir() else [])
    return [int(found[1]) for name in names if (found := DATED.match(name))]


def highest(runs_folder: Path) -> int:
    """Return the highest number that was given to a run, which may have been renamed or removed."""
    with contextlib.suppress(ValueError):
        return int(beginning(runs_folder / HIGHEST, 20))
    known = [*entries(runs_folder), *entries(runs_folder / DELETED)]
    return max((identity(entry)[1] or 0 for entry in known), default=0)
