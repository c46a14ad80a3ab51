"""Fairness: how well a run does for each group of a sensitive column, and how far groups differ.

The column need not be one that the model sees: what stands in it comes from the data, by the names
of the rows. What a difference means, and whether it is just, no figure says.
"""

import contextlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import optional
from apprenti.errors import ApprentiError
from apprenti.evaluate import data_columns, group_measures, parts, sensitive_groups
from apprenti.evaluate.group_measures import Bounded, Gap, Measured
from apprenti.evaluate.kept_values import again
from apprenti.evaluate.positive_class import positive_class
from apprenti.evaluate.sensitive_groups import Group
from apprenti.runs import Run, read_predictions
from apprenti.tasks import CLASSIFICATION, REGRESSION

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

VALID, TEST = parts.VALIDATION.name, parts.TEST.name
PREDICTIONS = {one.name: one.predictions for one in (parts.VALIDATION, parts.TEST)}

MOST_GROUPS = 50
"""A column with more of them holds names, and no groups."""


class OfColumn(NamedTuple):
    """What is said of one sensitive column."""

    column: str
    groups: Sequence[Group]
    rows: Sequence[int]
    """Those of each group."""
    positive: Sequence[int]
    """Of two classes those of each group that are of the positive one; else nothing."""
    measures: Sequence[Measured]
    gaps: Sequence[Gap]
    why_not: str = ""
    """Why groups are not held against each other: one_group, many_groups, small_groups."""

    def is_judged(self, place: int) -> bool:
        """Say whether a group has rows enough."""
        return self.rows[place] >= group_measures.FEWEST

    def as_json(self) -> dict[str, Any]:
        groups = [self._group(place) for place in range(len(self.rows))] if self.measures else []
        overall = {one.name: one.overall.as_json() for one in self.measures}
        return {
            "column": self.column,
            "why_not": self.why_not or None,
            "different": len(self.groups),
            "overall": overall,
            "groups": groups,
            "gaps": [one.as_json() for one in self.gaps],
        }

    def _group(self, place: int) -> dict[str, Any]:
        group = self.groups[place]
        told = {"name": group.name, "low": group.low, "high": group.high}
        told |= {"missing": group.is_missing, "rows": self.rows[place]}
        told |= {"positive": self.positive[place] if self.positive else None}
        measures = group_measures.as_json(self.measures, place)
        return {**told, "judged": self.is_judged(place), "measures": measures}


class Fairness(NamedTuple):
    """What a run does by group, on the validation set or on the test set."""

    run: Run
    part: str
    """valid or test."""
    task: str
    positive: str | None
    """Of two classes the one whose rates are told; else None."""
    rows: int
    columns: Sequence[OfColumn]

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run.name,
            "part": self.part,
            "task": self.task,
            "positive": self.positive,
            "rows": self.rows,
            "fewest_rows": group_measures.FEWEST,
            "columns": [one.as_json() for one in self.columns],
        }


class _Judged(NamedTuple):
    """What was predicted of rows, in numbers."""

    names: Sequence[str]
    task: str
    positive: str | None
    true: "Array"
    predicted: "Array"


def sensitive_columns(run: Run) -> tuple[str, ...]:
    """Return the columns that are declared sensitive: when the run was trained, or since."""
    from apprenti import project as projects

    declared = [*map(str, run.choices.get("data", {}).get("sensitive", ()))]
    with contextlib.suppress(ApprentiError):
        declared += projects.load(run.folder.parents[1]).choices.data.sensitive
    return tuple(dict.fromkeys(declared))


def check(run: Run, columns: Sequence[str]) -> None:
    """Raise the error that `fairness` would raise for these columns, before anything is judged."""
    optional.require_package("fairlearn")
    data_columns.read(run, columns)


def fairness(
    run: Run, part: str = VALID, columns: Sequence[str] = (), positive: str | None = None
) -> Fairness:
    """Measure a run by group, on the part of which it left predictions.

    `columns` are those of `sensitive` in apprenti.toml unless others are given; `positive` is the
    class of two whose rates are told, the rarer one unless it is given. Raises ApprentiError where
    there are no such columns or predictions, and where Fairlearn is missing.
    """
    optional.require_package("fairlearn")
    wanted = tuple(dict.fromkeys(columns or sensitive_columns(run)))
    if not wanted:
        raise ApprentiError("fairness_nothing_sensitive", run=run.name)
    judged = _read(run, part, positive)
    table = data_columns.read(run, wanted)
    missing = next((name for name in judged.names if name not in table.index), None)
    if missing is not None:
        raise ApprentiError("fairness_rows", run=run.name, row=missing)
    chosen = table.index.get_indexer([*judged.names])
    found = []
    for name in wanted:
        # Ranges of numbers are those of all rows: the same on the validation and the test set
        groups, places = sensitive_groups.cut(table[name])
        found.append(_of_column(name, *sensitive_groups.there(groups, places[chosen]), judged))
    return Fairness(run, part, judged.task, judged.positive, len(judged.names), found)


def _read(run: Run, part: str, positive: str | None) -> _Judged:
    rows = read_predictions(run.folder / PREDICTIONS[part])
    if not rows or not {"row", "truth", "predicted"} <= rows[0].keys():
        raise _unjudged(run, part)
    names = [row["row"] for row in rows]
    pairs = [[row["truth"] for row in rows], [row["predicted"] for row in rows]]
    if "confidence" not in rows[0]:
        return _of_numbers(run, part, names, pairs)
    return _of_classes(run, names, pairs, positive)


def _unjudged(run: Run, part: str) -> ApprentiError:
    if part == TEST:
        return ApprentiError("fairness_no_test", run=run.name)
    return ApprentiError("fairness_no_valid", run=run.name)


def _of_numbers(
    run: Run, part: str, names: Sequence[str], pairs: Sequence[Sequence[str]]
) -> _Judged:
    import numpy as np

    try:
        true, predicted = (np.array([*map(float, column)]) for column in pairs)
    except (TypeError, ValueError):
        raise _unjudged(run, part) from None
    return _Judged(names, REGRESSION, None, true, predicted)


def _of_classes(
    run: Run, names: Sequence[str], pairs: Sequence[Sequence[str]], positive: str | None
) -> _Judged:
    import numpy as np

    chosen = positive_class(run, positive)
    if chosen is not None:
        true, predicted = (np.array([int(name == chosen) for name in column]) for column in pairs)
        return _Judged(names, CLASSIFICATION, chosen, true, predicted)
    number = {name: place for place, name in enumerate(sorted({*pairs[0], *pairs[1]}))}
    true, predicted = (np.array([number[name] for name in column]) for column in pairs)
    return _Judged(names, CLASSIFICATION, None, true, predicted)


def _of_column(name: str, groups: Sequence[Group], places: "Array", judged: _Judged) -> OfColumn:
    import numpy as np

    rows = np.bincount(places, minlength=len(groups))
    if len(groups) > MOST_GROUPS:
        return OfColumn(name, groups, rows.tolist(), (), (), (), "many_groups")
    if judged.positive is not None:
        wanted = group_measures.two_classes()
        positive = np.bincount(places[judged.true == 1], minlength=len(groups)).tolist()
    else:
        is_classes = judged.task == CLASSIFICATION
        wanted = group_measures.several_classes() if is_classes else group_measures.of_numbers()
        positive = []
    measured = group_measures.measure(wanted, judged.true, judged.predicted, places, len(groups))
    large = int((rows >= group_measures.FEWEST).sum())
    why = "one_group" if len(groups) < 2 else "small_groups" if large < 2 else ""
    gaps = [] if why else group_measures.gaps(measured)
    return OfColumn(name, groups, rows.tolist(), positive, measured, gaps, why)


def of_json(run: Run, kept: Mapping[str, Any]) -> Fairness:
    """Return what `Fairness.as_json` said.

    Raises KeyError, TypeError, ValueError or AttributeError where it has not this shape.
    """
    part, task, positive, rows = (kept[name] for name in ("part", "task", "positive", "rows"))
    columns = [_kept_column(one) for one in kept["columns"]]
    return Fairness(run, part, task, positive, rows, columns)


def _kept_column(kept: Mapping[str, Any]) -> OfColumn:
    there = kept["groups"]
    names = [place for place, one in enumerate(there) if one["low"] is not None]
    groups = [
        Group(one["name"], one["low"], one["high"], place == max(names, default=-1))
        for place, one in enumerate(there)
    ] or [Group()] * int(kept["different"])
    measures = [
        Measured(name, again(Bounded, whole), [_kept(one["measures"][name]) for one in there])
        for name, whole in kept["overall"].items()
    ]
    positive = [one["positive"] for one in there if one["positive"] is not None]
    return OfColumn(
        str(kept["column"]),
        groups,
        [int(one["rows"]) for one in there],
        positive,
        measures,
        [again(Gap, one) for one in kept["gaps"]],
        kept["why_not"] or "",
    )


def _kept(told: Any) -> Bounded | None:
    return again(Bounded | None, told)  # type: ignore[no-any-return]
