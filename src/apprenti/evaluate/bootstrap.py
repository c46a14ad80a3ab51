"""Rows drawn again and again with replacement: intervals for what has no formula (bootstrap).

BCa: percentiles of the resamples, corrected for their bias and their skewness (Efron, J. Am. Stat.
Assoc. 82, 1987, 171-185). The same rows give the same interval. With more rows than are drawn from
here the resamples are all but normal, and the spread of what is left when each row is taken out
says the same (jackknife).
"""

import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate.intervals import CONFIDENCE

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

RESAMPLES = 2000

MOST_ROWS = 20_000
"""More rows are not drawn from."""

MOST_WORK = 400_000
"""Nor are they where the rows times the parts of what is computed are more."""

AT_ONCE = 2_500_000
"""Rows times resamples that are in memory at a time."""

BCA, JACKKNIFE = "bca", "jackknife"

NORMAL = statistics.NormalDist()


class Bounds(NamedTuple):
    """One interval a statistic; not a number where the rows do not vary."""

    low: "Array"
    high: "Array"
    method: str


class Drawn:
    """What can be said of some number of rows by drawing them again."""

    def __init__(self, rows: int, seed: int = 0) -> None:
        self.rows, self.seed = rows, seed
        self._drawn: list[Array] | None = None

    def bounds(
        self,
        values: "Array",
        statistic: "Callable[[Array], Array]",
        left_out: "Array",
        times: "Array | None" = None,
        parts: int = 1,
    ) -> Bounds:
        """Return the intervals of some statistics.

        `values`: one a statistic, of all the rows. `statistic(counts)` returns them of resamples:
        it is given how often each row was drawn (rows × resamples) and returns statistics ×
        resamples. `left_out`: the values without each row (statistics × rows), or without one row
        of each kind where `times` says how many there are of each. `parts`: how many times the
        work of one statistic it is.
        """
        import numpy as np

        if self.rows > MOST_ROWS or self.rows * parts > MOST_WORK:
            return _jackknife(values, left_out, times)
        resampled = np.concatenate(
            [statistic(counts.astype(float)) for counts in self.counts()], axis=1
        )
        acceleration = _acceleration(left_out, times)
        found = [_bca(*one) for one in zip(values, resampled, acceleration, strict=True)]
        low, high = np.array(found).reshape(-1, 2).T
        return Bounds(low, high, BCA)

    def counts(self) -> "list[Array]":
        """Return how often each row is drawn, a column a resample, in pieces."""
        import numpy as np

        if self._drawn is None:
            random = np.random.default_rng(self.seed)
            width = max(1, min(RESAMPLES, AT_ONCE // max(self.rows, 1)))
            ends = range(0, RESAMPLES, width)
            widths = [min(width, RESAMPLES - end) for end in ends]
            self._drawn = [_counted(random, self.rows, one) for one in widths]
        return self._drawn


def sums(each: "Array", drawn: "Array") -> "Array":
    """Return the sums over resamples of what each row adds (lines × rows), the same everywhere.

    A product of matrices would depend on how many threads share it.
    """
    import numpy as np

    return np.asarray(np.einsum("lr,rs->ls", each, drawn))


def _counted(random: Any, rows: int, resamples: int) -> "Array":
    import numpy as np

    places = random.integers(0, rows, size=(rows, resamples), dtype=np.int32)
    places = places * np.int64(resamples) + np.arange(resamples)
    counted = np.bincount(places.ravel(), minlength=rows * resamples)
    return counted.astype(np.uint8 if rows > 255 else np.uint16).reshape(rows, resamples)


def _acceleration(left_out: "Array", times: "Array | None") -> "Array":
    """Return how fast the spread changes with the value, from the skewness without each row."""
    import numpy as np

    weights = np.ones(left_out.shape[1]) if times is None else times
    known = np.isfinite(left_out)
    shares = known * weights
    filled = np.where(known, left_out, 0.0)
    total = np.maximum(shares.sum(axis=1, keepdims=True), 1)
    away = np.where(known, (filled * shares).sum(axis=1, keepdims=True) / total - filled, 0.0)
    squares = (shares * away**2).sum(axis=1)
    cubes = (shares * away**3).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = cubes / (6 * squares**1.5)
    return np.where(np.isfinite(found), found, 0.0)


def _bca(value: float, resampled: "Array", acceleration: float) -> tuple[float, float]:
    import numpy as np

    resampled = resampled[np.isfinite(resampled)]
    if not len(resampled) or np.ptp(resampled) <= 1e-12 * max(1.0, abs(value)):
        return np.nan, np.nan
    slack = 1e-12 * max(1.0, abs(value))
    below = (resampled < value - slack).sum() + (resampled <= value + slack).sum()
    # Half of those that are equal count as below; never all, nor none
    share = min(max(below / (2 * len(resampled)), 1e-3), 1 - 1e-3)
    bias = NORMAL.inv_cdf(float(share))
    ends = []
    for end in ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2):
        moved = bias + NORMAL.inv_cdf(end)
        ends.append(NORMAL.cdf(bias + moved / max(1 - float(acceleration) * moved, 1e-3)))
    low, high = np.quantile(resampled, ends)
    return float(min(low, value)), float(max(high, value))


def _jackknife(values: "Array", left_out: "Array", times: "Array | None") -> Bounds:
    import numpy as np

    weights = np.ones(left_out.shape[1]) if times is None else times
    rows = weights.sum()
    away = left_out - ((left_out * weights).sum(axis=1) / rows)[:, None]
    spread = np.sqrt((rows - 1) / rows * (weights * away**2).sum(axis=1))
    half = NORMAL.inv_cdf((1 + CONFIDENCE) / 2) * np.where(spread > 0, spread, np.nan)
    return Bounds(values - half, values + half, JACKKNIFE)
