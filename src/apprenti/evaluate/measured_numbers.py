"""The measures of a model that predicts numbers, each with its interval."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from apprenti.evaluate.bootstrap import Drawn
from apprenti.evaluate.measured import Measured, few_rows, told, unsaid
from apprenti.evaluate.regression_measures import Estimate
from apprenti.measures import R2

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

HEAVY_TAIL = 6
"""The mean fourth power of the errors over the square of their mean square: 3 of a normal law, 6 of
Laplace's. With heavier tails the interval of a mean square is too short, however it is found."""


def measure(made: Sequence[Estimate]) -> list[Measured]:
    """Return the measures of rows, of which there is at least one."""
    import numpy as np

    truth = np.array([one.truth for one in made])
    errors = np.array([one.predicted for one in made]) - truth
    # In one unit, so that no power of them overflows
    unit = float(abs(errors).max()) or 1.0
    return [*_means(truth, errors / unit, unit), _median(abs(errors))]


def _means(truth: "Array", errors: "Array", unit: float) -> Iterator[Measured]:
    """Yield MAE, RMSE and R² of errors in shares of a unit."""
    import numpy as np

    drawn, squares = Drawn(len(truth)), errors**2
    low, high, method = drawn.of_ratio(abs(errors))
    value, few = float(abs(errors).mean()), few_rows("mae", len(truth))
    yield told("mae", "", unit * value, (unit * low, unit * high), method, few)
    value = float(squares.mean())
    low, high, method = drawn.of_ratio(squares)
    heavy = "heavy_tail" if (squares**2).mean() > HEAVY_TAIL * value**2 else ""
    few, ends = few_rows("rmse", len(truth)), (unit * math.sqrt(low), unit * math.sqrt(high))
    yield told("rmse", "", unit * math.sqrt(value), ends, method, few or heavy)
    if (truth == truth[0]).all():
        yield unsaid(R2, "", "few_rows" if len(truth) < 2 else "constant_target")
        return
    centred = truth - truth.mean()
    size = float(abs(centred).max())
    share = value / float(np.square(centred / size).mean()) * (unit / size) ** 2
    low, high, method = drawn.of_ratio(squares, centred / size)
    ends = 1 - high * (unit / size) ** 2, 1 - low * (unit / size) ** 2
    few = few_rows(R2, len(truth))
    yield told(R2, "", 1 - share, ends, method, few or heavy)


def _median(distances: "Array") -> Measured:
    """Return the median distance, between those of its neighbours that the binomial law allows."""
    import numpy as np
    from scipy import stats

    value, rows = float(np.median(distances)), len(distances)
    few = few_rows("median_error", rows)
    # So many rows below the median of all are seen in one of forty draws at most
    below = int(stats.binom.ppf(0.025, rows, 0.5))
    if below < 1:
        return told("median_error", "", value, (math.nan, math.nan), "", few)
    ordered = np.sort(distances)
    ends = float(ordered[below - 1]), float(ordered[rows - below])
    return told("median_error", "", value, ends, "order_statistics", few)
