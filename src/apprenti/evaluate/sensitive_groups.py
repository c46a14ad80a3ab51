"""The groups of a sensitive column: what is written in it, or ranges of its numbers."""

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.values import as_read, look_at
from apprenti.data.kinds.written import NUMBER

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

FEW_NUMBERS = 10
"""A column of so many different numbers at most has a group for each of them."""

RANGES = 4
"""Other numbers are cut into so many ranges, with about as many rows in each."""


class Group(NamedTuple):
    """Rows that have the same value, numbers in one range, or nothing in a column."""

    name: str | None = None
    """What is written there; None of a range, and where nothing is."""
    low: float | None = None
    """The first number of a range, which is in it."""
    high: float | None = None
    """The first number beyond a range; the last range ends with this one."""
    is_last: bool = False
    """Whether it is the last range."""

    @property
    def is_missing(self) -> bool:
        return self.name is None and self.low is None


def cut(column: "pd.Series[Any]") -> tuple[Sequence[Group], "Array"]:
    """Return the groups of a column in their order, and the place of each row among them."""
    import numpy as np

    values = _as_numbers(column)
    if values is not None and values.nunique() > FEW_NUMBERS:
        groups, places = _ranges(values)
    else:
        groups, places = _words(column if values is None else values)
    if (places < 0).any():
        groups, places = [*groups, Group()], np.where(places < 0, len(groups), places)
    return groups, places


def there(groups: Sequence[Group], places: "Array") -> tuple[Sequence[Group], "Array"]:
    """Return the groups to which rows at these places belong, and the places among these."""
    import numpy as np

    kept, renumbered = np.unique(places, return_inverse=True)
    return [groups[place] for place in kept], renumbered


def _as_numbers(column: "pd.Series[Any]") -> "pd.Series[float] | None":
    written = look_at(column, is_category=False)
    return as_read(column, written).astype(float) if written.kind == NUMBER else None


def _words(column: "pd.Series[Any]") -> tuple[list[Group], "Array"]:
    """Return a group a value, sorted; rows without one are nowhere (-1)."""
    import numpy as np
    import pandas as pd

    places, values = pd.factorize(column, sort=False)
    order = sorted(range(len(values)), key=lambda place: _key(values[place]))
    rank = np.argsort(order)
    names = [Group(_name(values[place])) for place in order]
    return names, np.where(places < 0, -1, rank[places] if len(rank) else -1)


def _key(value: Any) -> tuple[bool, float, str]:
    is_number = isinstance(value, int | float)
    return not is_number, float(value) if is_number else 0.0, str(value)


def _name(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _ranges(values: "pd.Series[float]") -> tuple[list[Group], "Array"]:
    import numpy as np

    filled = values.notna().to_numpy() & np.isfinite(values.to_numpy(float))
    numbers = values.to_numpy(float)
    ends = np.unique(np.quantile(numbers[filled], np.linspace(0, 1, RANGES + 1)))
    last = len(ends) - 2
    groups = [
        Group(None, float(low), float(high), place == last)
        for place, (low, high) in enumerate(itertools.pairwise(ends))
    ]
    places = np.searchsorted(ends[1:-1], numbers, side="right")
    return groups, np.where(filled, places, -1)
