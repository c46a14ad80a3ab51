"""Runs side by side: what tells their settings and their scripts apart, and which is better."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.evaluate import overlaid_curves
from apprenti.evaluate.verdict import Verdict, diverged, hold_against, predictions_of
from apprenti.language import say
from apprenti.listing import rows_and_columns, same_rows_and_columns
from apprenti.measures import VALID, common_score
from apprenti.run_files import read_text
from apprenti.run_settings import Difference, differences, is_own_script
from apprenti.runs import Run, RunFacts, read, read_any, short_names

FILE = "comparison.png"
CONTEXT = 2
"""Lines around each difference of two scripts."""


class SideBySide(NamedTuple):
    """What is to be seen of runs that are laid side by side."""

    facts: Sequence[RunFacts]
    names: Sequence[str]
    """What each is called for short."""
    differences: Sequence[Difference]
    verdicts: Sequence[Verdict]
    """Of those that were checked with the same rows: of the best score against each other."""
    other_rows: Sequence[str]
    """Those that were checked with other rows than the first: their scores do not compare."""
    other_columns: Sequence[str]
    """Those that were checked with the same rows, and learned from other columns of them."""
    own_scripts: bool
    """Whether one of them is somebody's own script: there the scripts say what differs."""
    script_difference: str
    """Of two runs: what tells their scripts apart, line by line; empty where they are the same."""

    def as_json(self) -> dict[str, Any]:
        return {
            "settings": {one.name: list(one.values) for one in self.differences},
            "verdicts": [verdict.as_json() for verdict in self.verdicts],
            "other_rows": list(self.other_rows),
            "other_columns": list(self.other_columns),
            "script_difference": self.script_difference,
        }


def side_by_side(runs: Sequence[Run]) -> SideBySide:
    """Lay runs side by side, in the order in which they are given; each once."""
    runs = list(dict.fromkeys(runs))
    facts = [read_any(run) for run in runs]
    sound = [one.run for one in facts if not one.damage]
    groups = list(_by_rows(sound))
    like_first = groups[0] if groups else []
    return SideBySide(
        facts,
        [short_names(runs)[run] for run in runs],
        differences(sound) if sound == runs else [],
        [verdict for group in groups for verdict in _verdicts(group)],
        [run.name for group in groups[1:] for run in group],
        [run.name for run in like_first if not same_rows_and_columns(like_first[0], run)],
        any(map(is_own_script, sound)),
        _script_difference(*runs) if len(runs) == 2 else "",
    )


def _by_rows(runs: Sequence[Run]) -> Iterable[list[Run]]:
    """Return runs in groups that were checked with the same rows, for the same answers."""
    groups: dict[str, list[Run]] = {}
    for run in runs:
        groups.setdefault(repr(rows_and_columns(run).rows), []).append(run)
    return groups.values()


def _verdicts(runs: Sequence[Run]) -> list[Verdict]:
    """Hold the best of some runs against each other one."""
    kept = {run: row for run in runs if run not in diverged(runs) and (row := read(run).kept)}
    measure = common_score(kept.values())
    name = f"{VALID}{measure.name}"
    scored = sorted(
        (run for run in kept if name in kept[run]),
        key=lambda run: -measure.goodness(kept[run][name]),
    )
    said = {run.name: predictions_of(run) for run in scored}
    found = [hold_against(scored[0].name, run.name, said) for run in scored[1:]]
    return [verdict for verdict in found if verdict]


def _script_difference(one: Run, other: Run) -> str:
    before, after = ((read_text(run.script) or "").splitlines(True) for run in (one, other))
    names = [f"{run.name}/{run.script.name}" for run in (one, other)]
    return "".join(difflib.unified_diff(before, after, names[0], names[1], n=CONTEXT))


def draw(found: SideBySide, folder: Path) -> Path | None:
    """Draw the learning curves of all of them over each other; None where none has a curve."""
    named = zip(found.facts, found.names, strict=True)
    called = {
        one.run: " ".join([name, one.model, say(f"words.framework_{one.framework}")])
        for one, name in named
        if not one.damage and one.last
    }
    if not any(len(run.history) > 1 for run in called):
        return None
    return overlaid_curves.draw(called, folder / FILE)
