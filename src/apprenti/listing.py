"""All the runs of a project at a glance: a run is read again only when one of its files changed.

What was read is kept in the folder of the runs, beside the time and the size of each file that it
was read from; a run that is under way, or whose files changed just now, is not kept.
"""

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from apprenti import runs
from apprenti.runs import Run, RunFacts

FILE = ".listing.json"
VERSION = 1

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
        if entry and entry[0] == state:
            yield run.name, (entry, RunFacts(run.name, run.folder, *entry[1]))
            continue
        facts = runs.read(run)
        if not facts.settled and facts.status != runs.RUNNING:
            settle(run)
            facts = runs.read(run)
        # Of which nothing more is to come, unless the time or the size of a file shows it
        final = facts.settled and max(written for written, _ in state) < latest
        yield run.name, ([state, list(facts[2:])] if final else None, facts)


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
    with contextlib.suppress(OSError, ValueError):
        content = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(content, dict) and content.get("version") == VERSION:
            return dict(content["runs"])
    return {}


def _keep(path: Path, entries: Mapping[str, Any]) -> None:
    there = set(os.listdir(path.parent))
    kept = {name: entry for name, entry in entries.items() if entry and name in there}
    # Where nothing may be written, all is read again the next time
    with contextlib.suppress(OSError):
        runs.write_text(path, json.dumps({"version": VERSION, "runs": kept}))
