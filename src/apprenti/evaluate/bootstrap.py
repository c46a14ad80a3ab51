"""Rows drawn again and again with replacement: intervals for what has no formula (bootstrap).

BCa: percentiles of the resamples, corrected for their bias and their skewness (Efron, J. Am. Stat.
Assoc. 82, 1987, 171-185). Means of errors, which are skewed, are held in more of 100 by percentiles
of Student's t on the logarithm (bootstrap-t: Hall, Annals of Statistics 16, 1988, 927-953). The
same rows give the same interval. With more rows than are drawn from here the resamples are all but
normal, and their spread is computed (jackknife).
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

BCA, STUDENT, JACKKNIFE = "bca", "bootstrap_t", "jackknife"

FEWEST_ROWS = 10
"""Of fewer no t is computed."""

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

    def of_ratio(self, above: "Array", below: "Array | None" = None) -> tuple[float, float, str]:
        """Return the interval of the mean of some errors, and how it was found.

        Where `below` is given it is that of their mean divided by the variance of those numbers.
        Not a number where the rows do not vary, or are too few.
        """
        import numpy as np

        mean = float(above.mean())
        if self.rows < FEWEST_ROWS or not mean or np.ptp(above) <= 1e-12 * mean:
            return np.nan, np.nan, STUDENT
        centred = np.zeros(self.rows) if below is None else below - below.mean()
        ratio = _Ratio(above / mean, centred / max(float(centred.std()), 1e-300))
        scale = mean if below is None else mean / float(centred.var())
        error = float(ratio.error)
        if self.rows > MOST_ROWS:
            half = NORMAL.inv_cdf((1 + CONFIDENCE) / 2) * error
            return scale * float(np.exp(-half)), scale * float(np.exp(half)), JACKKNIFE
        ts = np.concatenate([ratio.student(counts.astype(float)) for counts in self.counts()])
        ts = ts[np.isfinite(ts)]
        if not len(ts):
            return np.nan, np.nan, STUDENT
        ends = np.quantile(ts, [(1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2])
        with np.errstate(over="ignore"):
            low, high = scale * np.exp(-ends * error)
        return float(low), float(high), STUDENT

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


class _Ratio:
    """The mean of some errors over the variance of numbers; both are 1 for the rows themselves."""

    def __init__(self, above: "Array", centred: "Array") -> None:
        import numpy as np

        below = centred**2
        self.varies = bool(below.any())
        lines = (above, below, centred, above**2, above * below, below**2)
        self.lines = np.array(lines if self.varies else (above, above**2))

    @property
    def error(self) -> Any:
        """The standard error of the logarithm of the ratio."""
        rows = self.lines.shape[1]
        return self._of_means(self.lines.mean(axis=1), rows)[1]

    def student(self, drawn: "Array") -> "Array":
        """Return by how many of its own standard errors each resample is off."""
        import numpy as np

        rows = self.lines.shape[1]
        value, error = self._of_means(sums(self.lines, drawn) / rows, rows)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(value / error)

    def _of_means(self, means: "Array", rows: int) -> tuple[Any, Any]:
        """Return the logarithm of the ratio and its standard error, from the means of the lines."""
        import numpy as np

        with np.errstate(divide="ignore", invalid="ignore"):
            if not self.varies:
                above, squares = means
                spread = squares / above**2 - 1
                return np.log(above), np.sqrt(np.maximum(spread, 0) / (rows - 1))
            above, second, first, squares, both, fourth = means
            varied = np.maximum(second - first**2, 0)
            spread = squares / above**2 - 2 * both / (above * second) + fourth / second**2
            return np.log(above / varied), np.sqrt(np.maximum(spread, 0) / (rows - 1))


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
