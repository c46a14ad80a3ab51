"""The slices of rows that are looked at: by class, by category, by quarters of a number."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

FEWEST_ROWS = 20
"""Slices of fewer rows are not looked at."""

FEW_VALUES = 8
"""A number with so few different values is looked at value by value."""

QUARTERS = 4

WORDS_OF_A_TEXT = 4
"""A column whose values have as many words on average holds texts, of which the length counts."""

CLASS, VALUE, RANGE, WORDS, MISSING = "class", "value", "range", "words", "missing"
"""What makes the rows of a slice alike: `words` is the number of words of a text."""


class Slice(NamedTuple):
    """Some of the rows, and what they have in common."""

    kind: str
    column: str
    """Empty of a class."""
    value: str
    """The class, or the value of the column; empty of a range."""
    start: float | str | None
    """Of a range, its ends, both in it: numbers, or dates as texts."""
    end: float | str | None
    inside: "Array"
    """Which rows are in it."""


def by_class(truth: Sequence[str]) -> Iterator[Slice]:
    """Yield one slice a true class."""
    import numpy as np

    each = np.array(truth)
    for name in dict.fromkeys(truth):
        yield from _large(Slice(CLASS, "", name, None, None, each == name))


def by_column(column: "pd.Series[Any]") -> Iterator[Slice]:
    """Yield the slices of rows by the values of one column."""
    import pandas as pd
    from pandas.api import types

    name, missing = str(column.name), column.isna().to_numpy()
    yield from _large(Slice(MISSING, name, "", None, None, missing))
    number = types.is_numeric_dtype(column) and not types.is_bool_dtype(column)
    time = types.is_datetime64_any_dtype(column) or types.is_timedelta64_dtype(column)
    if (number or time) and column.nunique() > FEW_VALUES:
        yield from _quarters(RANGE, name, column)
        return
    words = column.astype(str)
    counts = words[~missing].value_counts()
    if not number and not time and _are_texts(counts):
        lengths: pd.Series[Any] = words.str.split().str.len().where(~missing)
        yield from _quarters(WORDS, name, lengths)
        return
    for value, count in counts.items():
        if count < FEWEST_ROWS:
            return
        inside = (words == value).to_numpy() & ~missing
        yield from _large(Slice(VALUE, name, str(value), None, None, inside))


def _are_texts(counts: "pd.Series[int]") -> bool:
    """Say whether values hold texts, not all of one length; `counts` says how often each is there.

    A value that is there often is divided into words once.
    """
    import numpy as np

    lengths, rows = np.array([len(value.split()) for value in counts.index]), counts.to_numpy()
    many = len(lengths) and (lengths * rows).sum() >= WORDS_OF_A_TEXT * rows.sum()
    return bool(many and len(np.unique(lengths)) > 1)


def _quarters(kind: str, name: str, column: "pd.Series[Any]") -> Iterator[Slice]:
    """Yield four ranges of about as many rows; fewer where values are equal."""
    import numpy as np
    import pandas as pd

    known = column.dropna()
    places = np.linspace(0, 1, QUARTERS + 1)[1:-1]
    ends = known.quantile(places, interpolation="lower").unique()
    numbers = np.searchsorted(ends, column.to_numpy(), side="left")
    for number in range(len(ends) + 1):
        inside = (numbers == number) & column.notna().to_numpy()
        if inside.sum() >= FEWEST_ROWS:
            values = column[inside]
            low, high = values.min(), values.max()
            both = (str(low), str(high)) if isinstance(low, pd.Timestamp | pd.Timedelta) else None
            start, end = both or (float(low), float(high))
            yield from _large(Slice(kind, name, "", start, end, inside))


def _large(found: Slice) -> Iterator[Slice]:
    """Yield a slice that has rows enough, inside and outside of it."""
    inside = int(found.inside.sum())
    if inside >= FEWEST_ROWS and len(found.inside) - inside >= FEWEST_ROWS:
        yield found
