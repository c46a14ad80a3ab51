"""What paired differences show: Student's t on them, and Holm over all that was tried.

Split and seed vary together and are the same for both of a pair (Bouthillier et al., 2021, arXiv
2103.03098); the interval is Student's, since the percentiles of a bootstrap of eight differences
cover 88 %, not 95 %. Of eight remedies without effect one would seem to help in 18 % of projects:
so Holm (1979) divides the 5 % among all of them.

An interval has the confidence at which Holm judged it, so that it leaves 0 out exactly where the
difference is shown: 1 - 5 %/k where k were still in question, those that are not shown all with
the k of the first of them.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LEVEL = 0.05
"""Of all that is tried in one project, at most this share of projects sees one wrong verdict."""

FEWEST = 3
"""Pairs that a verdict needs."""


class Estimate(NamedTuple):
    """The mean of differences, between which bounds it lies, and the probability of such by chance.

    Where a training was lost there is no mean: who was better is all that is counted.
    """

    mean: float | None
    low: float | None
    high: float | None
    p: float
    pairs: int

    def bounds(self) -> dict[str, float | None]:
        """Return what --json says of it."""
        return {"mean": self.mean, "low": self.low, "high": self.high}


def student(differences: Sequence[float], level: float = LEVEL) -> Estimate:
    """Estimate the mean of differences; one that is infinite is a training that was lost."""
    import numpy as np
    from scipy import stats

    values, count = np.asarray(differences, float), len(differences)
    if count < 2:
        return Estimate(float(values[0]) if count else None, None, None, 1.0, count)
    if not np.isfinite(values).all():
        return Estimate(None, None, None, _sign_test(values), count)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(count)
    if error <= 1e-12 * max(1.0, abs(mean)):
        # Always the same difference, as of a few rows: it has a sign, and no spread
        p = _sign_test(values)
        bound = mean if p <= level or not mean else None
        return Estimate(mean, bound, bound, p, count)
    p = float(2 * stats.t.sf(abs(mean) / error, count - 1))
    reach = error * float(stats.t.ppf(1 - level / 2, count - 1))
    return Estimate(mean, mean - reach, mean + reach, p, count)


def _sign_test(differences: "Array") -> float:
    """Return how probable it is that chance divides better and worse at least so unevenly."""
    from scipy import stats

    up, down = int((differences > 0).sum()), int((differences < 0).sum())
    return float(stats.binomtest(up, up + down).pvalue) if up + down else 1.0


class Holm(NamedTuple):
    """What Holm says of one of several."""

    level: float
    """At which it was judged."""
    is_shown: bool


def holm(probabilities: Sequence[float], level: float = LEVEL) -> list[Holm]:
    """Judge several at once, so that the chance of any wrong one stays below the level."""
    order = sorted(range(len(probabilities)), key=lambda place: probabilities[place])
    found = [Holm(level, False)] * len(order)
    left, still = len(order), True
    for place in order:
        still = still and probabilities[place] <= level / left
        found[place] = Holm(level / left, still)
        left -= still
    return found


LOST_LEVEL, LOST_PAIRS = 0.01, 4
"""So sure must it be, after so many pairs at least, that a remedy harms for it to be stopped."""


def is_lost(differences: Sequence[float]) -> bool:
    """Say whether a remedy is so clearly worse that its other pairs would be a waste.

    A remedy that is stopped is never said to help, and still counts among those that Holm divides
    the level by: so stopping can only make wrong verdicts rarer. One that does help is stopped in
    fewer than 0.5 % of the cases at each look.
    """
    if len(differences) < LOST_PAIRS or sum(differences) >= 0:
        return False
    if not all(map(math.isfinite, differences)):
        return all(one < 0 for one in differences)
    return student(differences).p <= LOST_LEVEL
