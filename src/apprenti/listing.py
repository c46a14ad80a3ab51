"""All the runs of a project at a glance: a run is read again only when one of its files changed.

What was read is kept in the folder of the runs, beside the time and the size of each file that it
was read from; a run that is under way, or whose files changed just now, is not kept.
"""

import contextlib
import json
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from apprenti import runs
from apprenti.runs import Run, RunFacts

FILE = ".listing.json"
VERSION = 2

READ = (
    "environment.json",
    runs.CHOICES,
    "history.csv",
    os.path.join("model", "model.json"),
    "note.txt",
    runs.STATUS,
)
"""The files of a run that decide what is listed of it."""

SETTLED = 3.0
"""Seconds after which a file of the same time and size is the same file: no clock is coarser."""

State = list[list[int]]


def read_all(
    listed: Iterable[Run], settle: Callable[[Run], None] = lambda run: None
) -> list[RunFacts]:
    """Return the facts of some runs of one project, in their order.

    `settle` is done to each whose end is not recorded, in case that nobody watched it.
    """
    listed = list(listed)
    if not listed:
        return []
    path = listed[0].folder.parent / FILE
    known = _known(path)
    seen = dict(_look(listed, known, settle))
    changed = {name: entry for name, (entry, _) in seen.items() if entry != known.get(name)}
    if changed:
        _keep(path, {**known, **changed})
    return [facts for _, facts in seen.values()]


def _look(
    listed: Iterable[Run], known: Mapping[str, Any], settle: Callable[[Run], None]
) -> Iterator[tuple[str, tuple[Any, RunFacts]]]:
    latest = time.time_ns() - int(SETTLED * 1e9)
    for run in listed:
        state, entry = _state(run.folder), known.get(run.name)
        if remembered := _remembered(run, entry, state):
            yield run.name, (entry, remembered)
            continue
        facts = runs.read_any(run)
        if not facts.settled and facts.status != runs.RUNNING:
            settle(run)
            facts = runs.read_any(run)
        # Of which nothing more is to come, unless the time or the size of a file shows it
        whole = facts.settled and not facts.damage
        final = whole and max(written for written, _ in state) < latest
        yield run.name, ([state, list(facts[2:])] if final else None, facts)


KINDS = (str, str, str | None, str, str | None, int | None, dict, str, bool, str)
"""Of what is kept of a run, in the order of RunFacts."""


def _remembered(run: Run, entry: Any, state: State) -> RunFacts | None:
    """Return what is kept of a run, if its files are the same and nobody has meddled with it."""
    if not isinstance(entry, list) or len(entry) != 2 or entry[0] != state:
        return None
    facts = entry[1]
    if not isinstance(facts, list) or not all(map(isinstance, facts, KINDS)):
        return None
    if (
        len(facts) != len(KINDS)
        or facts[3] not in runs.RECORDED
        or facts[0] not in runs.frameworks()
    ):
        return None
    if not all(isinstance(value, int | float) for value in facts[6].values()):
        return None
    return RunFacts(run.name, run.folder, *facts)


def _state(folder: Path) -> State:
    """Return when each file was written and how large it is; 0 where it is not."""
    return [_stamp(f"{folder}{os.sep}{name}") for name in READ]


def _stamp(path: str) -> list[int]:
    try:
        found = os.stat(path)
    except OSError:
        return [0, 0]
    return [found.st_mtime_ns, found.st_size]


def _known(path: Path) -> dict[str, Any]:
    with contextlib.suppress(OSError, ValueError, RecursionError):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and content.get("version") == VERSION:
            found = content.get("runs")
            return found if isinstance(found, dict) else {}
    return {}


def _keep(path: Path, entries: Mapping[str, Any]) -> None:
    there = set(os.listdir(path.parent))
    kept = {name: entry for name, entry in entries.items() if entry and name in there}
    # Where nothing may be written, all is read again the next time
    with contextlib.suppress(OSError):
        runs.write_text(path, json.dumps({"version": VERSION, "runs": kept}))


def short_names(folders: Sequence[Path]) -> list[str]:
    """Return by what each run can be named in a command: its number where that is enough."""
    there = {folder.parent: os.listdir(folder.parent) for folder in folders if folder.is_dir()}
    return [_short_name(folder.name, there.get(folder.parent, ())) for folder in folders]


def name_in_command(run: Run) -> str:
    """Return by what a run is named in a command: last, where that is the one, or its number."""
    if runs.find(run.folder.parent, "last") == run:
        return "last"
    return short_names([run.folder])[0]


def _short_name(name: str, others: Sequence[str]) -> str:
    found = DATED_NAME.fullmatch(name)
    candidates = [found["number"], found["rest"], name] if found else [name]
    alone = (one for one in candidates if sum(one in other for other in others) <= 1)
    return next(alone, name)


DATED_NAME = re.compile(r"\d{4}-\d\d-\d\d-(?P<rest>(?P<number>\d+)-.+)")
"""The name that a run is given: the day, its number, what it is."""
