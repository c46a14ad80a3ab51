"""How a run is named: its name, its number, a part of its name, the last."""

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from apprenti.errors import ApprentiError, nearest
from apprenti.runs.folders import all_runs
from apprenti.runs.run import Run

LAST, BEST = "last", "best"
"""What stands for a run wherever one is named (`best`: listing.find)."""


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
