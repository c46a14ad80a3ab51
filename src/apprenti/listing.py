"""All the runs of a project at a glance: a run is read again only when one of its files changed.

What was read is kept in the folder of the runs, beside the time and the size of each file that it
was read from; a run that is under way, or whose files changed just now, is not kept.

Here too is which of several runs is the best: of those alone whose scores can be compared.
"""

import contextlib
import json
import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import run_settings, runs
from apprenti.errors import ApprentiError, nearest
from apprenti.measures import MEASURES, VALID, Measure, main_score
from apprenti.run_files import LARGEST_TABLE, beginning
from apprenti.runs import Run, RunFacts
from apprenti.writing import write_text

FILE = ".listing.json"
VERSION = 5

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
    for run in listed:
        state, entry = state_of(run.folder), known.get(run.name)
        if remembered := _remembered(run, entry, state):
            yield run.name, (entry, remembered)
            continue
        facts = runs.read_any(run)
        if not facts.settled and facts.status != runs.RUNNING:
            settle(run)
            facts = runs.read_any(run)
        # Of which nothing more is to come, unless the time or the size of a file shows it
        whole = facts.settled and not facts.damage
        final = whole and is_settled(state)
        yield run.name, ([state, list(facts[2:])] if final else None, facts)


class Best(NamedTuple):
    """The run that does best on validation, by which measure, and how well."""

    run: Run
    measure: Measure
    value: float


def find(runs_folder: Path, wanted: str) -> Run:
    """Return the run that is meant, as `runs.find` does, or the `best` of the complete ones."""
    if wanted != runs.BEST:
        return runs.find(runs_folder, wanted)
    listed = runs.all_runs(runs_folder)
    if not listed:
        raise ApprentiError("no_runs", folder=runs_folder.parent)
    found = best([facts.run for facts in read_all(listed) if facts.complete])
    if found is None:
        raise ApprentiError("no_best")
    return found.run


def best(finished: Sequence[Run]) -> Best | None:
    """Return the best of these runs, by the measure of the last one that has a main score.

    Runs that measured something else (another task, somebody's own script), other rows, or learned
    from other columns, are not held against that one. None if no run has a score.
    """
    return best_of(read_all(finished))


def best_of(finished: Iterable[RunFacts]) -> Best | None:
    """Return the best of runs of which the facts are known already (see `best`)."""
    kept = {facts.run: facts.kept for facts in finished}
    scores = {run: score for run, row in kept.items() if (score := main_score(row))}
    if not scores:
        return None
    latest = list(scores)[-1]
    measure, reference = scores[latest], rows_and_columns(latest)
    values = {
        run: value
        for run, score in scores.items()
        if score == measure and math.isfinite(value := kept[run][f"{VALID}{score.name}"])
    }
    # Of equals the one with the smallest loss
    losses = {run: kept[run].get(f"{VALID}loss", math.inf) for run in values}
    # The first that is comparable: of the others nothing more need be read
    for run in sorted(values, key=lambda run: (-measure.goodness(values[run]), losses[run])):
        if rows_and_columns(run) == reference:
            return Best(run, measure, values[run])
    return None


COLUMNS = (
    *("text", "image", "ignore", "categorical", "missing", "unite", "group", "time"),
    *("header", "skip_rows", "sheet", "image_size", "skip_images"),
)
"""The settings of data that decide what a row says, beside which rows there are."""

OF_SCRIPTS = ("target", "ignore")
"""Those of them that somebody's own script says for itself."""


class Measured(NamedTuple):
    """What a run was measured on."""

    rows: tuple[Any, ...]
    """The validation rows, the data, and the answers that were asked for."""
    columns: tuple[Any, ...]
    """What it learned from."""


def rows_and_columns(run: Run) -> Measured:
    """Return what a run was measured on.

    The scores of two runs can be compared if, and only if, it is the same of both.
    """
    environment, choices = run.environment, run.choices
    script = {n: v for n, v in choices.get("script", {}).items() if n in OF_SCRIPTS}
    data = {**choices.get("data", {}), **script}
    hashes = environment.get("hashes", {})
    files = sorted(hashes.get("data", {}).values())
    answers = data.get("target"), hashes.get("labels.csv")
    rows = environment.get("split"), files or data.get("source"), answers
    return Measured(rows, tuple(data.get(name) or None for name in COLUMNS))


def same_rows_and_columns(one: Run, other: Run) -> bool:
    """Say whether the scores of two runs can be compared."""
    return rows_and_columns(one) == rows_and_columns(other)


def in_order(listed: Sequence[RunFacts], by: str, reverse: bool = False) -> list[RunFacts]:
    """Return runs sorted by a measure, a fact or a setting: `accuracy`, `seconds`, `epochs`.

    The best of a measure comes first, the smallest of anything else; what has none comes last, in
    `reverse` too. Raises ApprentiError where none of the runs has it.
    """
    if by == BY_TIME:
        return list(reversed(listed)) if reverse else list(listed)
    values = [(_value(facts, by), facts) for facts in listed]
    having = [(value, facts) for value, facts in values if value is not None]
    if listed and not having:
        known = {name for facts in listed for name in (*facts.kept, *facts.summary())}
        raise ApprentiError("sort_unknown", key=by, nearest=nearest(by, {*known, *SORTED_BY}))
    better = {one.name: one.better for one in MEASURES}
    best_first = better.get(by.removeprefix(VALID).removeprefix(TRAIN)) == "higher"
    having.sort(key=lambda pair: _comparable(pair[0]), reverse=best_first != reverse)
    return [facts for _, facts in [*having, *(pair for pair in values if pair[0] is None)]]


BY_TIME = "started"
SORTED_BY = (BY_TIME, "number", "name", "note", *(measure.name for measure in MEASURES))
"""By these runs are sorted too, beside what --json says of each and their settings."""

TRAIN = "train_"


def _value(facts: RunFacts, by: str) -> Any:
    """Return what a run has of this name, None where it has nothing that could be compared."""
    if facts.damage:
        return None
    told = {**facts.kept, **facts.summary(), **facts._asdict()}
    found = told.get(by, facts.kept.get(f"{VALID}{by}"))
    if found is None and by not in SORTED_BY:
        found = run_settings.value(facts, by)
    return None if isinstance(found, float) and math.isnan(found) else found


def _comparable(value: Any) -> tuple[bool, Any]:
    """Sort numbers before words, and lists by their items."""
    if isinstance(value, int | float):
        return False, value
    return True, str(value)


KINDS = (
    *(str, str, str | None, str, str | None, int | None),
    *(dict, str, bool, str, int | None, dict, dict, int),
)
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
    if not all(
        isinstance(one, int | float) for row in (facts[6], facts[12]) for one in row.values()
    ):
        return None
    if not all(isinstance(table, dict) for table in facts[11].values()):
        return None
    return RunFacts(run.name, run.folder, *facts)


def state_of(folder: Path, names: Iterable[str] = READ) -> State:
    """Return when each file of a run was written and how large it is; 0 where it is not."""
    return [_stamp(f"{folder}{os.sep}{name}") for name in names]


def is_settled(state: State) -> bool:
    """Say whether files in this state were written so long ago that a change would show."""
    return max(written for written, _ in state) < time.time_ns() - int(SETTLED * 1e9)


def _stamp(path: str) -> list[int]:
    try:
        found = os.stat(path)
    except OSError:
        return [0, 0]
    return [found.st_mtime_ns, found.st_size]


def _known(path: Path) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        content = json.loads(beginning(path, LARGEST_TABLE))
        if isinstance(content, dict) and content.get("version") == VERSION:
            found = content.get("runs")
            return found if isinstance(found, dict) else {}
    return {}


def _keep(path: Path, entries: Mapping[str, Any]) -> None:
    there = set(os.listdir(path.parent))
    kept = {name: entry for name, entry in entries.items() if entry and name in there}
    # Where nothing may be written, all is read again the next time
    with contextlib.suppress(OSError):
        write_text(path, json.dumps({"version": VERSION, "runs": kept}, default=str))


def name_in_command(run: Run) -> str:
    """Return by what a run is named in a command: last, where that is the one, or its number."""
    if runs.find(run.folder.parent, "last") == run:
        return "last"
    return runs.short_names([run])[run]
