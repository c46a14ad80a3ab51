"""How much one column says of another, as one number from 0 (nothing) to 1 (everything).

Three measures, one a kind of pair, so that columns of all kinds can be put in order:

- two columns of numbers: the absolute value of Pearson's correlation;
- numbers and categories: the square root of Kelley's epsilon squared (1935), the correlation ratio
  freed of what chance alone would give;
- two columns of categories: Cramér's V, freed of the same by Bergsma's correction (2013).

A relation is no proof of a cause, and what two columns say together is not in it.
"""

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

NUMBERS, DATES, WORDS = "numbers", "dates", "words"


def holds(column: "pd.Series[Any]") -> str:
    """Return what a column is made of: numbers, dates, or words (yes and no among them)."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        return WORDS
    if pd.api.types.is_numeric_dtype(column):
        return NUMBERS
    return DATES if pd.api.types.is_datetime64_any_dtype(column) else WORDS


def as_values(column: "pd.Series[Any]") -> "Array":
    """Return numbers, or the seconds of dates since 1970, as floats; what is missing is NaN."""
    import numpy as np

    if holds(column) == DATES:
        since = column.dt.tz_convert(None) if column.dt.tz is not None else column
        seconds: Array = since.to_numpy("datetime64[s]")
        values: Array = seconds.astype(np.int64).astype(float)
        values[np.isnat(seconds)] = np.nan
        return values
    values = column.to_numpy(float, na_value=np.nan)
    return np.where(np.isfinite(values), values, np.nan)


def as_codes(column: "pd.Series[Any]") -> "Array":
    """Return the number of each row's value, in the order of their first rows; -1 is missing."""
    import pandas as pd

    codes: Array = pd.factorize(column)[0]
    return codes


def relation(column: "pd.Series[Any]", answers: "pd.Series[Any]", classes: bool) -> float | None:
    """Return the relation of a column with the target, or None where it is not defined.

    With `classes` the answers are taken as categories even where they are numbers.
    """
    is_words = holds(column) == WORDS
    if is_words and classes:
        found = _categories(as_codes(column), as_codes(answers))
    elif is_words:
        found = _groups(as_values(answers), as_codes(column))
    elif classes:
        found = _groups(as_values(column), as_codes(answers))
    else:
        found = _pearson(as_values(column), as_values(answers))
    return found if math.isfinite(found) else None


def _pearson(first: "Array", second: "Array") -> float:
    import numpy as np

    filled = np.isfinite(first) & np.isfinite(second)
    first, second = _standard(first[filled]), _standard(second[filled])
    return abs(float((first * second).mean())) if len(first) > 2 else math.nan


def _standard(values: "Array") -> "Array":
    """Return values with mean 0 and deviation 1; divided by the largest first: no overflow."""
    import numpy as np

    largest = np.abs(values).max(initial=0)
    if not largest:
        return np.full(len(values), np.nan)
    values = values / largest
    values = values - values.mean()
    deviation = values.std()
    # Below this what is left of a constant is rounding
    return values / deviation if deviation > 1e-12 else np.full(len(values), np.nan)


def _groups(values: "Array", codes: "Array") -> float:
    import numpy as np

    filled = np.isfinite(values) & (codes >= 0)
    values, codes = _standard(values[filled]), codes[filled]
    counts = np.bincount(codes)
    groups, rows = int((counts > 0).sum()), len(values)
    if groups < 2 or rows <= groups or np.isnan(values[0]):
        return math.nan
    means = np.bincount(codes, values) / np.maximum(1, counts)
    share = float((counts * means**2).sum()) / rows
    return math.sqrt(max(0.0, 1 - (1 - share) * (rows - 1) / (rows - groups)))


def _categories(first: "Array", second: "Array") -> float:
    import numpy as np

    filled = (first >= 0) & (second >= 0)
    (_, first), (_, second) = (
        np.unique(codes[filled], return_inverse=True) for codes in (first, second)
    )
    rows = len(first)
    if rows < 3:
        return math.nan
    in_first, in_second = np.bincount(first), np.bincount(second)
    height, width = len(in_first), len(in_second)
    if min(height, width) < 2:
        return math.nan
    pairs, counts = np.unique(first * width + second, return_counts=True)
    expected = in_first[pairs // width] * in_second[pairs % width] / rows
    # The pairs that do not occur have count 0: in all, sum (n - e)^2 / e is sum n^2 / e, less rows
    phi = float((counts**2 / expected).sum()) / rows - 1
    corrected = max(0.0, phi - (height - 1) * (width - 1) / (rows - 1))
    smallest = min(size - (size - 1) ** 2 / (rows - 1) for size in (height, width))
    return math.sqrt(min(1.0, corrected / (smallest - 1))) if smallest > 1 else math.nan
