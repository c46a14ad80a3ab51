"""How much better the validation figure was than the test figure, and whether chance explains it.

The two sets have no row in common, so that the interval of the difference comes from the two of the
figures: of shares Newcombe's (Statistics in Medicine 17, 1998, 873-890), of others the same way
(Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702).
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from apprenti.evaluate.intervals import side
from apprenti.evaluate.measured import LOWER_IS_BETTER, Measured
from apprenti.language import say


class Optimism(NamedTuple):
    """One measure on the validation set, whose rows made choices, and on the test set."""

    name: str
    of: str
    valid: float
    test: float
    better: float
    """How much better the validation figure is, in the unit of the measure; below 0: worse."""
    low: float | None
    high: float | None
    indicative: str
    """Why the interval does not promise 95 %, as of a measure; empty where it does."""

    @property
    def outcome(self) -> str:
        """better or worse if the whole interval lies on one side of 0; chance; unknown without."""
        if self.low is None or self.high is None:
            return "unknown"
        return side(self.low, self.high) or "chance"

    @property
    def sentence(self) -> str:
        """What is to be said of it."""
        one = Measured(self.name, self.of, self.valid, None, None, "")
        figures = {"valid": one.written(self.valid), "test": one.written(self.test)}
        return say(f"evaluate.optimism.{self.outcome}", measure=one.title, **figures)

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "outcome": self.outcome}


def optimism(valid: Sequence[Measured], test: Sequence[Measured]) -> list[Optimism]:
    """Hold the measures of the validation rows against those of the test rows, where both are."""
    known: Mapping[tuple[str, str], Measured] = {(one.name, one.of): one for one in valid}
    pairs = [(known[one.name, one.of], one) for one in test if (one.name, one.of) in known]
    found = (_of_pair(*pair) for pair in pairs)
    return [one for one in found if one is not None]


def _of_pair(valid: Measured, test: Measured) -> Optimism | None:
    if valid.value is None or test.value is None:
        return None
    figures = valid.value, test.value
    better = figures[0] - figures[1]
    low, high = _ends(valid, test)
    if valid.name in LOWER_IS_BETTER:
        better = -better
        low, high = (None, None) if low is None or high is None else (-high, -low)
    why = valid.indicative or test.indicative
    return Optimism(valid.name, valid.of, *figures, better, low, high, why)


def _ends(one: Measured, other: Measured) -> tuple[float | None, float | None]:
    """Return the interval for the first less the second."""
    bounds = (one.value, one.low, one.high, other.value, other.low, other.high)
    if any(bound is None for bound in bounds):
        return None, None
    value, low, high, second, second_low, second_high = (float(bound or 0.0) for bound in bounds)
    return (
        value - second - math.hypot(value - low, second_high - second),
        value - second + math.hypot(high - value, second - second_low),
    )
