"""Intervals for what a model reaches, and gains over another, as wide as chance makes them.

Their coverage is tested by simulation (tests/evaluate/test_intervals.py).
"""

import math
import statistics
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CONFIDENCE = 0.95


def side(low: float, high: float) -> str:
    """Return better or worse where a whole interval lies above or below 0, else nothing."""
    return "better" if low > 0 else "worse" if high < 0 else ""


def of_share(hits: int, rows: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Return the interval for a share, such as that of right answers.

    Wilson's score interval (J. Am. Stat. Assoc. 22, 1927, 209-212): it keeps a width where all are
    right, and stays between 0 and 1.
    """
    squared = statistics.NormalDist().inv_cdf((1 + confidence) / 2) ** 2
    middle = (hits + squared / 2) / (rows + squared)
    half = math.sqrt(squared * (hits * (rows - hits) / rows + squared / 4)) / (rows + squared)
    # Not a rounding away from the ends
    return (max(0.0, middle - half) if hits else 0.0), (middle + half if hits < rows else 1.0)


def of_mean(values: "Array") -> tuple[float, float]:
    """Return Student's interval for the mean of two values or more."""
    import numpy as np
    from scipy import special

    rows, mean = len(values), float(values.mean())
    half = float(special.stdtrit(rows - 1, (1 + CONFIDENCE) / 2) * np.std(values, ddof=1))
    return mean - half / math.sqrt(rows), mean + half / math.sqrt(rows)


def of_errors(ours: "Array", trivial: "Array") -> tuple[float, float]:
    """Return the interval for R²: 1 less our mean squared error, in shares of the variance.

    `trivial` are the squared distances of the answers from their mean. Minus infinity where the
    rows set no bound.
    """
    if len(ours) < 2:
        return -math.inf, 1.0
    low, high = of_paired_errors(ours, trivial)
    return 1 - high, 1 - low


def of_paired_shares(wins: int, losses: int, rows: int) -> tuple[float, float]:
    """Return the interval for the difference of two shares of right answers to the same rows.

    `wins` are the rows that only the first answers rightly, `losses` those that only the second
    does. Tango's score interval (Statistics in Medicine 17, 1998, 891-908): it keeps a width where
    both answer alike, and stays between -1 and 1.
    """
    z = statistics.NormalDist().inv_cdf((1 + CONFIDENCE) / 2)

    def score(difference: float) -> float:
        return _score(difference, wins, losses, rows)

    return _falls_to(z, score), _falls_to(-z, score)


def _score(difference: float, wins: int, losses: int, rows: int) -> float:
    """Return how many standard errors the seen difference lies above a supposed one."""
    a = 2 * rows
    b = (2 * rows - wins + losses) * difference - wins - losses
    c = -losses * difference * (1 - difference)
    # The most likely share of losses under the supposed difference
    likely = (math.sqrt(max(0.0, b * b - 4 * a * c)) - b) / (2 * a)
    variance = rows * (2 * likely + difference * (1 - difference))
    above = wins - losses - rows * difference
    if variance <= 0:
        return math.copysign(math.inf, above) if above else 0.0
    return above / math.sqrt(variance)


def _falls_to(level: float, score: Callable[[float], float]) -> float:
    """Return where a score that falls from -1 to 1 reaches a level, by halving."""
    low, high = -1.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if score(middle) > level else (low, middle)
    return (low + high) / 2


def of_paired_errors(ours: "Array", theirs: "Array") -> tuple[float, float]:
    """Return the interval for the mean of our squared errors divided by that of theirs.

    Fieller's (J. R. Stat. Soc. B 16, 1954, 175-185), with Student's t: the ratios that paired rows
    do not contradict. At a ratio of 1 it is Student's test of the paired differences. No bound is
    below 0; the upper one is infinite where the rows do not even show that their errors are not 0.
    """
    import numpy as np
    from scipy import special

    rows = len(ours)
    # One unit for both, so that no square overflows
    unit = max(float(ours.max()), float(theirs.max()))
    if not unit:
        return 0.0, math.inf
    ours, theirs = ours / unit, theirs / unit
    mean, other = float(ours.mean()), float(theirs.mean())
    squared = float(special.stdtrit(rows - 1, (1 + CONFIDENCE) / 2)) ** 2 / rows
    (of_ours, both), (_, of_theirs) = squared * np.cov(ours, theirs)
    a, b, c = other**2 - of_theirs, mean * other - both, mean**2 - of_ours
    if a <= 0:
        return 0.0, math.inf
    half = math.sqrt(max(0.0, b * b - a * c))
    return max(0.0, (b - half) / a), max(0.0, (b + half) / a)


def of_folds(values: "Array", share: float) -> tuple[float, float]:
    """Return the interval for what a model reaches, from its scores on the folds of all rows.

    Folds learn from mostly the same rows, so that their scores vary too little: the variance is
    multiplied by 1/k + `share`, the rows validated on divided by those learned from, instead of by
    1/k (Nadeau and Bengio, Machine Learning 52, 2003, 239-281), with Student's t of k - 1 degrees
    of freedom. It was derived for draws at random; for folds it is the usual approximation.
    """
    import numpy as np
    from scipy import special

    folds, mean = len(values), float(values.mean())
    widened = math.sqrt(1 / folds + share) * float(np.std(values, ddof=1))
    half = float(special.stdtrit(folds - 1, (1 + CONFIDENCE) / 2)) * widened
    return mean - half, mean + half
