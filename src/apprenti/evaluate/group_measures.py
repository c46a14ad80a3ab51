"""Measures by group (Fairlearn's MetricFrame), with intervals, and how far groups are apart.

The interval of a share is Wilson's, as everywhere; of other measures it is from Fairlearn's own
bootstrap. How far the highest group is above the lowest gets an interval from those of the two
(MOVER: Zou and Donner, Statistics in Medicine 27, 2008, 1693-1702; of Wilson's it is Newcombe's),
at a level for all pairs of groups, because the two were chosen by their values (Bonferroni). The
bootstrap of the largest difference itself would never include 0: it cannot fall below it.
"""

import math
import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import optional
from apprenti.evaluate import intervals
from apprenti.evaluate.intervals import CONFIDENCE
from apprenti.measures import ACCURACY

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

RESAMPLES, OF_MANY = 500, 200
"""So many resamples; fewer of many rows, which take long and whose measures vary little."""

MANY_ROWS = 2000
SEED = 0

FEWEST = 20
"""A group of fewer rows is too small to be judged."""

FEWEST_OF = 10
"""And a share of fewer rows is not told: of those of the positive class, say."""


class Bounded(NamedTuple):
    """A figure with its interval at 95 %."""

    value: float
    low: float | None
    high: float | None

    def as_json(self) -> dict[str, float | None]:
        return self._asdict()


class Of(NamedTuple):
    """What is measured of rows: `true` and `predicted` are 0 or 1, numbers of classes, or numbers.

    A share has masks: of which rows (`among`), and which of these count (`hits`).
    """

    name: str
    function: Callable[[Any, Any], float]
    shares: "Callable[[Array, Array], tuple[Array, Array]] | None" = None


def two_classes() -> list[Of]:
    """Return the measures of a class against another: its own rows are 1."""
    from fairlearn.metrics import false_positive_rate, selection_rate, true_positive_rate
    from sklearn.metrics import accuracy_score, precision_score

    def precision(true: Any, predicted: Any) -> float:
        return float(precision_score(true, predicted, zero_division=0))

    return [
        Of(ACCURACY, accuracy_score, lambda t, p: (t == p, t == t)),
        Of("selection_rate", selection_rate, lambda t, p: (p == 1, t == t)),
        Of("recall", true_positive_rate, lambda t, p: (p == 1, t == 1)),
        Of("false_positive_rate", false_positive_rate, lambda t, p: (p == 1, t == 0)),
        Of("precision", precision, lambda t, p: (t == 1, p == 1)),
    ]


def several_classes() -> list[Of]:
    from sklearn.metrics import accuracy_score

    return [
        Of(ACCURACY, accuracy_score, lambda t, p: (t == p, t == t)),
        Of("macro_recall", _macro_recall),
    ]


def _macro_recall(true: Any, predicted: Any) -> float:
    """Return the mean of the recalls of the classes that are there."""
    import numpy as np

    true, predicted = np.asarray(true), np.asarray(predicted)
    of = np.bincount(true)
    found = np.bincount(true[true == predicted], minlength=len(of))
    return float((found[of > 0] / of[of > 0]).mean()) if of.any() else math.nan


def of_numbers() -> list[Of]:
    import numpy as np

    def error(true: Any, predicted: Any) -> "Array":
        found: Array = np.asarray(predicted) - np.asarray(true)
        return found

    return [
        Of("mae", lambda t, p: float(np.abs(error(t, p)).mean())),
        Of("mean_error", lambda t, p: float(error(t, p).mean())),
        Of("rmse", lambda t, p: math.sqrt(float((error(t, p) ** 2).mean()))),
    ]


class Measured(NamedTuple):
    """A measure of every group, in their order; None where too few rows stand behind it."""

    name: str
    overall: Bounded
    of_groups: Sequence[Bounded | None]
    wide: Sequence[tuple[float, float] | None] = ()
    """The intervals of the groups at the level at which every pair of them is told apart."""
    wider: Sequence[tuple[float, float] | None] = ()
    """At the level at which that is so of two measures at once; None of what is no share."""


def measure(
    wanted: Sequence[Of], true: "Array", predicted: "Array", places: "Array", groups: int
) -> list[Measured]:
    """Measure rows by the place of their group."""
    import numpy as np

    counts = np.bincount(places, minlength=groups)
    judged = int((counts >= FEWEST).sum())
    pairs = max(1, judged * (judged - 1) // 2)
    drawn = [one for one in wanted if one.shares is None]
    frame = _frame(wanted, true, predicted, places)
    by_draws = _frame(drawn, true, predicted, places, _tail(1)) if drawn else None
    found = []
    for one in wanted:
        if one.shares:
            hits, among = one.shares(true, predicted)
            found.append(_share(one.name, frame, hits & among, among, places, counts, pairs))
        else:
            found.append(_drawn(one.name, frame, by_draws, counts, pairs))
    return found


def _tail(pairs: int) -> float:
    """Return the share of resamples beyond each end of an interval."""
    return (1 - CONFIDENCE) / 2 / pairs


def _frame(
    wanted: Sequence[Of],
    true: "Array",
    predicted: "Array",
    places: "Array",
    tail: float | None = None,
) -> Any:
    optional.require_package("fairlearn")
    from fairlearn.metrics import MetricFrame

    how: dict[str, Any] = {}
    if tail is not None:
        resamples = RESAMPLES if len(true) <= MANY_ROWS else OF_MANY
        how = {"n_boot": resamples, "ci_quantiles": [tail, 1 - tail], "random_state": SEED}
    functions = {one.name: one.function for one in wanted}
    with warnings.catch_warnings():
        # A group without rows of a class; no figure of it is told
        warnings.simplefilter("ignore")
        return MetricFrame(
            metrics=functions, y_true=true, y_pred=predicted, sensitive_features=places, **how
        )


def _share(
    name: str,
    frame: Any,
    hits: "Array",
    among: "Array",
    places: "Array",
    counts: "Array",
    pairs: int,
) -> Measured:
    import numpy as np

    of = np.bincount(places[among], minlength=len(counts))
    right = np.bincount(places[hits], minlength=len(counts))
    values = frame.by_group[name]
    enough = (counts >= FEWEST) & (of >= FEWEST_OF)

    def at(place: int, level: float = CONFIDENCE) -> tuple[float, float]:
        return intervals.of_share(int(right[place]), int(of[place]), level)

    there = [place if enough[place] else None for place in range(len(counts))]
    whole = intervals.of_share(int(hits.sum()), int(among.sum())) if among.any() else (None, None)
    wide, wider = (1 - 2 * _tail(looks) for looks in (pairs, 2 * pairs))
    return Measured(
        name,
        Bounded(float(frame.overall[name]), *whole),
        [None if p is None else Bounded(float(values[p]), *at(p)) for p in there],
        [None if p is None else at(p, wide) for p in there],
        [None if p is None else at(p, wider) for p in there],
    )


def _drawn(name: str, frame: Any, by_draws: Any, counts: "Array", pairs: int) -> Measured:
    """Return a measure that is no share, with the percentiles of its resamples.

    At the level for all pairs they are as much farther out as those of a normal distribution:
    there are too few resamples beyond such percentiles.
    """
    below, above = (column[name] for column in by_draws.by_group_ci)
    values = frame.by_group[name]
    there = [place if count >= FEWEST else None for place, count in enumerate(counts)]
    low, high = (float(column[name]) for column in by_draws.overall_ci)
    normal = statistics.NormalDist()
    wider = normal.inv_cdf(_tail(pairs)) / normal.inv_cdf(_tail(1))

    def ends(place: int, factor: float) -> tuple[float, float]:
        value = float(values[place])
        down, up = value - float(below[place]), float(above[place]) - value
        return value - factor * down, value + factor * up

    return Measured(
        name,
        Bounded(float(frame.overall[name]), low, high),
        [None if p is None else Bounded(float(values[p]), *ends(p, 1)) for p in there],
        [None if p is None else ends(p, wider) for p in there],
        [None] * len(counts),
    )


class Gap(NamedTuple):
    """How far the group with the highest value is above the one with the lowest."""

    name: str
    """A measure, or equalized_odds: the larger gap of recall and false_positive_rate."""
    of: str
    """The measure whose gap it is."""
    highest: int
    """The place of a group."""
    lowest: int
    difference: Bounded
    ratio: Bounded | None
    """The lowest value divided by the highest; None where that has no meaning."""

    @property
    def is_apart(self) -> bool:
        """Whether chance alone would rarely set two groups so far apart."""
        return self.difference.low is not None and self.difference.low > 0

    def as_json(self) -> dict[str, Any]:
        ratio = self.ratio.as_json() if self.ratio else None
        told = {**self._asdict(), "difference": self.difference.as_json(), "ratio": ratio}
        return {**told, "apart": self.is_apart}


def gap(found: Measured, name: str = "", wider: bool = False) -> Gap | None:
    """Return the gap of a measure between groups, where it is told of two at least."""
    there = [(one.value, place) for place, one in enumerate(found.of_groups) if one]
    if len(there) < 2:
        return None
    # Of groups that are level, two are named all the same
    (high, highest), (low, lowest) = max(there), min(there)
    ends = found.wider if wider else found.wide
    above, below = ends[highest], ends[lowest]
    if above is None or below is None:
        return None
    ratio = None if found.name == "mean_error" else _ratio(low, below, high, above)
    return Gap(
        name or found.name, found.name, highest, lowest, _difference(high, above, low, below), ratio
    )


Ends = tuple[float, float]


def _difference(high: float, above: Ends, low: float, below: Ends) -> Bounded:
    down = math.hypot(high - above[0], below[1] - low)
    up = math.hypot(above[1] - high, low - below[0])
    return Bounded(high - low, high - low - down, high - low + up)


def _ratio(low: float, below: Ends, high: float, above: Ends) -> Bounded | None:
    """Return the ratio of two figures above 0, with the interval from theirs (Donner and Zou 2012).

    Its upper end is None where the divisor may be 0.
    """
    if high <= 0:
        return None
    product = low * high
    (l1, u1), (l2, u2) = below, above
    down = product**2 - l1 * u2 * (2 * low - l1) * (2 * high - u2)
    start = (product - math.sqrt(max(0.0, down))) / (u2 * (2 * high - u2)) if u2 < 2 * high else 0.0
    bottom = l2 * (2 * high - l2)
    up = product**2 - u1 * l2 * (2 * low - u1) * (2 * high - l2)
    end = (product + math.sqrt(max(0.0, up))) / bottom if bottom > 0 else None
    return Bounded(low / high, max(0.0, start), end)


def gaps(found: Sequence[Measured]) -> list[Gap]:
    """Return the gap of each measure, and of two classes that of the equalized odds."""
    told = [one for one in map(gap, found) if one]
    odds = {one.name: one for one in found if one.name in ("recall", "false_positive_rate")}
    if len(odds) == 2:
        both = [gap(one, "equalized_odds", wider=True) for one in odds.values()]
        if all(both):
            told.append(_worst([one for one in both if one]))
    return told


def _worst(both: Sequence[Gap]) -> Gap:
    """Return the larger of two differences with the smaller of their ratios."""
    largest = max(both, key=lambda one: one.difference.value)
    ratios = [one.ratio for one in both if one.ratio]
    smallest = min(ratios, key=lambda one: one.value) if len(ratios) == len(both) else None
    return largest._replace(ratio=smallest)


def as_json(found: Sequence[Measured], place: int) -> Mapping[str, Any]:
    """Return the measures of one group."""
    return {one.name: told.as_json() if (told := one.of_groups[place]) else None for one in found}
