"""From which probability on a row is taken for the positive class, where errors differ in cost.

The threshold is the one that would have cost least on the validation rows; on the test rows it is
only applied, so that what it saves there is not flattered by the choice.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import ApprentiError
from apprenti.evaluate import probabilities
from apprenti.evaluate.bootstrap import Drawn, sums
from apprenti.evaluate.costs import Costs
from apprenti.evaluate.intervals import side
from apprenti.evaluate.parts import TEST, VALIDATION, Part
from apprenti.evaluate.positive_class import positive_class
from apprenti.language import say
from apprenti.printable import printable
from apprenti.runs import Run, read_predictions

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_DECIMALS = 7
"""Of a threshold: probabilities are kept with six, and it may lie half-way between two."""

FEWEST_MOVED = 20
"""Rows that the threshold moves, below which the interval of what it saves is only indicative."""


class AtThreshold(NamedTuple):
    """What a threshold leads to on some rows."""

    threshold: float
    """Rows as probable as this, or more so, are taken for the positive class."""
    cost: float
    """Per row, in the unit of the costs."""
    found: int
    """Rows of the positive class that are taken for it."""
    missed: int
    false_alarms: int


class Threshold(NamedTuple):
    """The threshold chosen on the validation rows, and what it does on the test rows."""

    positive: str
    other: str
    costs: Costs
    expected: float
    """What the costs alone lead to, if probabilities are those that come true."""
    on_validation: AtThreshold
    valid_rows: int
    usual: AtThreshold
    """On the test rows, each taken for its more probable class."""
    chosen: AtThreshold
    """On the test rows."""
    rows: int
    saved: float
    """What the chosen threshold costs less than the usual one, per test row; below 0: more."""
    low: float | None
    high: float | None
    moved: int
    """Test rows of which the prediction changes."""
    indicative: str
    weighted: bool
    """Whether classes were weighted in training, which raises the probability of rare ones."""

    @property
    def outcome(self) -> str:
        """better or worse if the whole interval lies on one side of 0; else same."""
        if self.low is None or self.high is None:
            return "same"
        return side(self.low, self.high) or "same"

    @property
    def sentences(self) -> list[str]:
        """What is to be said of it."""
        chosen = {**self.costs._asdict(), "rows": self.valid_rows}
        threshold = _written(self.chosen.threshold)
        told = [
            say("evaluate.threshold.positive", positive=printable(self.positive)),
            say("evaluate.threshold.chosen", **chosen, threshold=threshold),
            "  " + say("evaluate.threshold.usual", **self.usual._asdict()),
            "  "
            + say("evaluate.threshold.at", **{**self.chosen._asdict(), "threshold": threshold}),
        ]
        if self.low is None or self.high is None:
            told.append(say("evaluate.threshold.unmoved"))
        else:
            bounds = {"saved": self.saved, "low": self.low, "high": self.high}
            told.append(say(f"evaluate.threshold.{self.outcome}", **bounds))
        notes = [self.indicative] if self.indicative == "few_moved" else []
        notes += ["weighted"] if self.weighted else []
        return [*told, *(say(f"evaluate.threshold.{note}") for note in notes)]

    def as_json(self) -> dict[str, Any]:
        nested = ("costs", "on_validation", "usual", "chosen")
        told = {name: getattr(self, name)._asdict() for name in nested}
        return {**self._asdict(), **told, "outcome": self.outcome}


class _Rows(NamedTuple):
    """Rows of two classes."""

    positive: "Array"
    """Which are of the positive class."""
    sure: "Array"
    """How probable it is thought."""

    def at(self, threshold: float, costs: Costs) -> AtThreshold:
        taken = self.sure >= threshold
        found, missed = int((taken & self.positive).sum()), int((~taken & self.positive).sum())
        alarms = int((taken & ~self.positive).sum())
        cost = (costs.missed * missed + costs.false_alarm * alarms) / len(self.sure)
        return AtThreshold(threshold, cost, found, missed, alarms)


def check(run: Run, stated: str | None = None) -> None:
    """Refuse costs that a run cannot be judged by, before its test rows are looked at."""
    _on_validation(run, stated)


def check_class(run: Run, stated: str | None) -> str:
    """Return the positive class; refuse one that is none of two."""
    positive = positive_class(run, stated)
    if positive is None:
        raise ApprentiError("cost_not_two_classes", run=run.name, classes=len(_classes(run)))
    return positive


def _on_validation(run: Run, stated: str | None) -> tuple[str, "_Rows"]:
    """Return the positive class and the validation rows, by which a threshold is chosen."""
    positive = check_class(run, stated)
    valid = _read(run, VALIDATION, positive)
    if valid.positive.all() or not valid.positive.any():
        raise ApprentiError("cost_one_class", run=run.name)
    return positive, valid


def by_costs(run: Run, costs: Costs, stated: str | None = None) -> Threshold:
    """Return the threshold of a run that its costs ask for, with what it does on the test set.

    `stated` is the positive class, where it is not to be the rarer one. Raises ApprentiError where
    there are not two classes with probabilities, or the validation rows are of one class alone.
    """
    positive, valid = _on_validation(run, stated)
    test = _read(run, TEST, positive)
    chosen = valid.at(cheapest(valid.positive, valid.sure, costs), costs)
    expected = costs.false_alarm / (costs.false_alarm + costs.missed)
    other = next(name for name in _classes(run) if name != positive)
    weighted = run.choices.get("train", {}).get("class_weights") == "balanced"
    saved, low, high, moved, indicative = _saved(test, chosen.threshold, costs)
    return Threshold(
        positive=positive,
        other=other,
        costs=costs,
        expected=expected,
        on_validation=chosen,
        valid_rows=len(valid.sure),
        usual=test.at(0.5, costs),
        chosen=test.at(chosen.threshold, costs),
        rows=len(test.sure),
        saved=saved,
        low=low,
        high=high,
        moved=moved,
        indicative=indicative,
        weighted=weighted,
    )


def _classes(run: Run) -> Sequence[str]:
    rows = read_predictions(run.folder / VALIDATION.predictions)
    if not rows or "confidence" not in rows[0]:
        return ()
    return probabilities.read(run, rows).classes


def _read(run: Run, part: Part, positive: str) -> _Rows:
    import numpy as np

    rows = read_predictions(run.folder / part.predictions)
    known = probabilities.read(run, rows, part) if rows else None
    if known is None or known.of_rows is None or not np.isfinite(known.of_rows).all():
        raise ApprentiError("cost_no_probabilities", run=run.name, part=part.predictions)
    sure = known.of_rows[:, known.classes.index(positive)]
    return _Rows(np.array([row["truth"] == positive for row in rows]), sure)


def _written(threshold: float) -> str:
    """Return a threshold with three decimals, or as many as two digits from 0 and from 1 take."""
    decimals, near = 3, min(threshold, 1 - threshold)
    while decimals < MOST_DECIMALS and 0 < near * 10**decimals < 10:
        decimals += 1
    return say("evaluate.threshold.decimals", value=threshold, decimals=decimals)


def cheapest(positive: "Array", sure: "Array", costs: Costs) -> float:
    """Return the threshold that costs least on some rows.

    Of several it is the one nearest to what the costs alone lead to; between two rows, the middle.
    """
    import numpy as np

    order = np.argsort(sure, kind="stable")
    levels, first = np.unique(sure[order], return_index=True)
    # With the threshold above so many rows these are missed, and those still false alarms
    missed = np.concatenate([[0], np.cumsum(positive[order])])
    alarms = (~positive).sum() - np.arange(len(sure) + 1) + missed
    places = np.append(first, len(sure))
    cost = costs.missed * missed[places] + costs.false_alarm * alarms[places]
    starts = np.concatenate([[0.0], (levels[1:] + levels[:-1]) / 2, [math.inf]])
    starts[-1] = (levels[-1] + 1) / 2 if levels[-1] < 1 else 1.0000005
    best = starts[cost <= cost.min() * (1 + 1e-12)]
    expected = costs.false_alarm / (costs.false_alarm + costs.missed)
    return float(best[np.argmin(abs(best - expected))])


def _saved(
    test: _Rows, threshold: float, costs: Costs
) -> tuple[float, float | None, float | None, int, str]:
    """Return what is saved per row, between what it may lie, and how many rows are moved."""
    import numpy as np

    moved = (test.sure >= threshold).astype(int) - (test.sure >= 0.5)
    each = moved * np.where(test.positive, costs.missed, -costs.false_alarm)
    saved, changed = float(each.mean()), int((moved != 0).sum())
    if not changed:
        return 0.0, None, None, 0, "no_spread"
    rows = len(each)
    left = (each.sum() - each) / max(rows - 1, 1)
    bounds = Drawn(rows).bounds(
        np.array([saved]), lambda drawn: sums(each[None], drawn) / rows, left[None]
    )
    few = "few_moved" if changed < FEWEST_MOVED else ""
    return saved, float(bounds.low[0]), float(bounds.high[0]), changed, few
