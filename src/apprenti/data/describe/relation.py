"""How much one column says of another, as one number from 0 (nothing) to 1 (everything).

Three measures, one a kind of pair, so that columns of all kinds can be put in order:

- two columns of numbers: the absolute value of Pearson's correlation;
- numbers and categories: the square root of the correlation ratio (eta squared);
- two columns of categories: Cramér's V.

The last two are counted over pairs of rows that have the same category: how alike are the answers
of two such rows, beyond what two rows drawn at random have in common? So chance gives 0 on average,
however many categories there are, and a category of one row says nothing. What is within two
standard errors of chance counts as 0. A relation is no proof of a cause, and what two columns say
together is not in it.
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
    """Return the square root of the share of variance that lies between groups."""
    import numpy as np

    filled = np.isfinite(values) & (codes >= 0)
    values, codes = _standard(values[filled]), codes[filled]
    counts = np.bincount(codes)
    if (counts > 0).sum() < 2 or np.isnan(values[0]):
        return math.nan
    # In each group, the sum of the products of all pairs of rows: of their standard values
    sums, squares = np.bincount(codes, values), np.bincount(codes, np.square(values))
    return _root(sums**2 - squares, counts, 1, 1)


def _categories(first: "Array", second: "Array") -> float:
    """Return Cramér's V; the pairs of rows are those that have the same value in `first`."""
    import numpy as np

    filled = (first >= 0) & (second >= 0)
    (_, first), (_, second) = (
        np.unique(codes[filled], return_inverse=True) for codes in (first, second)
    )
    rows, in_first, in_second = len(first), np.bincount(first), np.bincount(second)
    width = len(in_second)
    if min(len(in_first), width) < 2:
        return math.nan
    pairs, counts = np.unique(first * width + second, return_counts=True)
    # Two rows of one class are alike by rows / its rows, two of others by 0; chance gives 1
    alike = counts * (counts - 1) * rows / in_second[pairs % width]
    by_chance = in_first * (in_first - 1) * (rows - width) / (rows - 1)
    sums = np.bincount(pairs // width, alike, len(in_first)) - by_chance
    return _root(sums, in_first, min(len(in_first), width) - 1, width - 1)


def _root(sums: "Array", counts: "Array", most: int, spread: int) -> float:
    """Return the square root of a relation; `sums` are, by group, those over its pairs of rows.

    Each row counts alike, so that a group weighs by its rows. `most` is what a perfect relation
    would give, `spread` the variance that chance gives to a pair.
    """
    several = counts > 1
    if not several.any():
        return math.nan
    sums, counts, rows = sums[several], counts[several], int(counts.sum())
    found = float((sums / (counts - 1)).sum()) / rows
    # By chance no pair says anything of another, and the mean is 0
    error = math.sqrt(2 * spread * float((counts / (counts - 1)).sum())) / rows
    return math.sqrt(min(1.0, found / most)) if found > 2 * error else 0.0
