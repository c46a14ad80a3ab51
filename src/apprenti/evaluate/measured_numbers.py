"""The measures of a model that predicts numbers, each with its interval."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from apprenti.evaluate.bootstrap import Drawn, sums
from apprenti.evaluate.measured import FEWEST_ROWS, Measured, told, unsaid
from apprenti.evaluate.regression_measures import Estimate
from apprenti.measures import R2

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def measure(made: Sequence[Estimate]) -> list[Measured]:
    """Return the measures of rows, of which there is at least one."""
    import numpy as np

    truth = np.array([one.truth for one in made])
    errors = np.array([one.predicted for one in made]) - truth
    return [*_means(truth, errors), _median(abs(errors))]


def _means(truth: "Array", errors: "Array") -> Iterator[Measured]:
    """Yield MAE, RMSE and R²."""
    import numpy as np

    rows, constant = len(truth), bool((truth == truth[0]).all())
    centred = truth - truth.mean()
    each = np.array([abs(errors), errors**2, centred, centred**2])

    def values_of(sums: "Array", count: int) -> "Array":
        absolute, squared, first, second = sums / max(count, 1)
        varied = np.maximum(second - first**2, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.array([absolute, np.sqrt(squared), 1 - squared / varied])

    values = values_of(each.sum(axis=1), rows)
    bounds = Drawn(rows).bounds(
        values,
        lambda drawn: values_of(sums(each, drawn), rows),
        values_of(each.sum(axis=1, keepdims=True) - each, rows - 1),
    )
    few = "few_rows" if rows < FEWEST_ROWS else ""
    for place, name in enumerate(("mae", "rmse", R2)):
        if name == R2 and constant:
            yield unsaid(name, "", "few_rows" if rows < 2 else "constant_target")
            continue
        ends = float(bounds.low[place]), float(bounds.high[place])
        yield told(name, "", float(values[place]), ends, bounds.method, few)


def _median(distances: "Array") -> Measured:
    """Return the median distance, between those of its neighbours that the binomial law allows."""
    import numpy as np
    from scipy import stats

    value, rows = float(np.median(distances)), len(distances)
    # So many rows below the median of all are seen in one of forty draws at most
    below = int(stats.binom.ppf(0.025, rows, 0.5))
    if below < 1:
        return told("median_error", "", value, (math.nan, math.nan), "", "few_rows")
    ordered = np.sort(distances)
    ends = float(ordered[below - 1]), float(ordered[rows - below])
    few = "few_rows" if rows < FEWEST_ROWS else ""
    return told("median_error", "", value, ends, "order_statistics", few)
