"""Partial dependence: what the model says on average once a column has one value in all rows.

Beside the mean stands how far single rows are apart (individual conditional expectation). Values
are those that stand in the data, as they are written there.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from apprenti.evaluate.changed_rows import Said

    Array = np.ndarray[Any, Any]

NUMBERS, CATEGORIES = "numbers", "categories"

GRID = 12
"""So many values of a number at most, at equal shares of the rows from 2.5 % to 97.5 %."""

MOST_VALUES = 8
"""So many values of a category at most, the most frequent."""

MOST_CLASSES = 5

SPREAD = (0.1, 0.9)
"""Of the single rows the middle 80 % are told."""


class Grid(NamedTuple):
    """The values that a column is set to."""

    column: str
    kind: str
    """numbers (dates among them) or categories."""
    values: Sequence[float | str]
    """As they are converted, dates as days since 1970."""
    cells: Sequence[Any]
    """As they are written."""


class Curve(NamedTuple):
    """The probability of a class, or a number that is predicted, for each value of a column."""

    of: str | None
    """The class; None of a number."""
    mean: tuple[float, ...]
    low: tuple[float, ...]
    """Of one in ten rows it is lower."""
    high: tuple[float, ...]
    """Of one in ten rows it is higher."""


class Dependence(NamedTuple):
    column: str
    kind: str
    values: tuple[float | str, ...]
    labels: tuple[str, ...]
    """The values as they are written in the data."""
    curves: tuple[Curve, ...]

    @property
    def span(self) -> float:
        """By how much the mean moves at most."""
        return max(max(one.mean) - min(one.mean) for one in self.curves)

    def as_json(self) -> dict[str, Any]:
        curves = [{"class": c.of, **{n: [*getattr(c, n)] for n in ENDS}} for c in self.curves]
        told = {"column": self.column, "kind": self.kind, "values": [*self.values]}
        return {**told, "labels": [*self.labels], "curves": curves}


ENDS = ("mean", "low", "high")


def grid(cells: "pd.Series[Any]", values: "pd.Series[Any]") -> Grid | None:
    """Return what to set a column to; None where it has less than two values.

    `cells` are as they are written, `values` as the script converts them.
    """
    from apprenti.data.describe import relation

    is_words = relation.holds(values) == relation.WORDS
    places = _frequent(values) if is_words else _quantiles(values)
    if len(places) < 2:
        return None
    found = [values.iloc[place] for place in places]
    told = [str(value) if is_words else float(value) for value in found]
    kind = CATEGORIES if is_words else NUMBERS
    return Grid(str(cells.name), kind, told, [cells.iloc[place] for place in places])


def _frequent(values: "pd.Series[Any]") -> list[int]:
    """Return where each of the most frequent values stands for the first time."""
    import numpy as np

    names = values.value_counts().index[:MOST_VALUES]
    return [int(np.flatnonzero(values == name)[0]) for name in names]


def _quantiles(values: "pd.Series[Any]") -> list[int]:
    import numpy as np

    numbers = values.to_numpy(float, na_value=np.nan)
    filled = np.flatnonzero(np.isfinite(numbers))
    if not len(filled):
        return []
    there = np.unique(numbers[filled])
    if len(there) > GRID:
        shares = np.linspace(0.025, 0.975, GRID)
        there = np.unique(np.quantile(numbers[filled], shares, method="nearest"))
    return [int(np.flatnonzero(numbers == value)[0]) for value in there]


def tables(frame: "pd.DataFrame", wanted: Grid) -> "list[pd.DataFrame]":
    """Return the rows once for each value, with the column set to it."""
    import pandas as pd

    column = frame[wanted.column]
    made = []
    for cell in wanted.cells:
        same = pd.Series([cell] * len(frame), index=frame.index, dtype=column.dtype)
        made.append(frame.assign(**{wanted.column: same}))
    return made


def dependence(
    wanted: Grid, said: "Sequence[Said]", classes: Sequence[str] | None, shown: Sequence[str]
) -> Dependence:
    """Put together what was said of the tables of a grid; `shown` are the classes that count."""
    import numpy as np

    curves = []
    for name in [None] if classes is None else shown:
        place = 0 if classes is None or name is None else classes.index(name)
        rows = [one.values(classes)[:, place] for one in said]
        ends = [np.quantile(row, SPREAD) for row in rows]
        low, high = (tuple(float(pair[end]) for pair in ends) for end in (0, 1))
        curves.append(Curve(name, tuple(float(row.mean()) for row in rows), low, high))
    labels = tuple(str(cell) for cell in wanted.cells)
    return Dependence(wanted.column, wanted.kind, tuple(wanted.values), labels, tuple(curves))


def classes_shown(classes: Sequence[str], base: "Said") -> list[str]:
    """Return of two classes the second, of more those that are predicted the most often."""
    if len(classes) == 2:
        return [classes[1]]
    counts = {name: int((base.predicted == name).sum()) for name in classes}
    return sorted(classes, key=lambda name: -counts[name])[:MOST_CLASSES]
