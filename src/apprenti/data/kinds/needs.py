"""What the cells of a table need to be read and prepared: a script is written without the rest.

Nothing is guessed: what a script leaves out makes no difference in any cell of its file.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import moments
from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.facts import Source
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.data.kinds.written import DATE, TIME, Written

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

SETTINGS = ("name_needs", "number_needs", "date_needs", "column_needs")
"""The settings that leave out of a script what its file does not need; new rows may need it."""

MISSING_WORD, RARE = "(missing)", 0.01
"""The category of a missing value, and the share of rows below which one is rare."""

Numbers = tuple[tuple[str, str, str, str], ...]
"""Columns of numbers, each with its decimal mark, thousands separator and unit."""


def of_names(frame: "pd.DataFrame") -> tuple["pd.DataFrame", tuple[str, ...]]:
    """Return a table under the names that it has in a script, and what these need.

    `frame` has the names of its file.
    """
    from apprenti.backends.common.column_names import name_columns
    from apprenti.backends.common.settings import Config

    every = Config()
    given = frame.copy(deep=False)
    named = name_columns(frame.copy(deep=False), every)
    if not all(isinstance(name, str) for name in frame.columns):
        return named, every.name_needs

    def names(needs: tuple[str, ...]) -> list[str]:
        if not needs:
            return [*given.columns]
        config = every._replace(name_needs=needs)
        return [*name_columns(given.copy(deep=False), config).columns]

    return named, _needed(every.name_needs, names)


def of_numbers(frame: "pd.DataFrame", numbers: Numbers) -> tuple[Numbers, dict[str, Any]]:
    """Return the columns of numbers that are written in a way of their own, and what these need.

    Others have nothing but words beside plain numbers: they stand under `among_words`.
    """
    import pandas as pd

    from apprenti.backends.common.convert import as_numbers
    from apprenti.backends.common.settings import Config

    every = Config()
    cells = {name: frame[name].drop_duplicates() for name, *_ in numbers}

    def read_as(config: Config) -> dict[str, "pd.Series[Any]"]:
        return {
            name: as_numbers(cells[name], decimal, thousands, unit, config)
            for name, decimal, thousands, unit in numbers
        }

    read = read_as(every)
    plain = {
        name
        for name in read
        if pd.to_numeric(cells[name], errors="coerce").astype(float).equals(read[name])
    }
    others = tuple(one for one in numbers if one[0] not in plain)

    def values(needs: tuple[str, ...]) -> list[list[Any]]:
        read = read_as(every._replace(number_needs=needs))
        return [_cells(read[name]) for name, *_ in others]

    among_words = tuple(name for name, *_ in numbers if name in plain)
    needed = _needed(every.number_needs, values)
    return others, {"among_words": among_words, "number_needs": needed}


def of_dates(
    frame: "pd.DataFrame", written: Mapping[str, Written], is_whole: bool = True
) -> tuple[str, ...]:
    """Return what the dates and times of the day of a table need.

    Of a sample nobody knows what the other rows need.
    """
    from apprenti.backends.common.moments import as_dates, read_dates
    from apprenti.backends.common.settings import Config

    if not is_whole:
        several = any(" | " in how.format for how in written.values())
        return tuple(one for one in Config().date_needs if several or one != "several")
    ways = {
        name: moments.for_script(how.format)
        for name, how in written.items()
        if how.kind in (DATE, TIME) and how.format not in SINCE_1970
    }
    in_words = any("#%m" in way for way in ways.values())
    if not in_words and not any(" | " in way for way in ways.values()):
        return ()
    every = Config(month_names=in_words)
    cells = {name: frame[name].drop_duplicates() for name in ways}

    def values(needs: tuple[str, ...]) -> list[list[Any]]:
        config = every._replace(date_needs=needs)
        read = {DATE: read_dates, TIME: as_dates}
        return [
            _cells(read[written[name].kind](cells[name], way, config)) for name, way in ways.items()
        ]

    return _needed(every.date_needs, values)


def of_columns(frame: "pd.DataFrame", columns: Columns) -> tuple[str, ...]:
    """Return what preparing the inputs needs, whichever rows are those of the training set."""
    dates = [name for name, _ in columns.dates]
    plain = frame[[*columns.numbers, *columns.categories]]
    numbers, words = (plain.select_dtypes(**{how: "number"}) for how in ("include", "exclude"))
    gaps = bool(numbers.isna().any(axis=None) or frame[dates].isna().any(axis=None))
    found = {
        "numbers": bool(dates) or numbers.shape[1] > 0,
        "gaps": gaps,
        "empty": gaps,
        "categories": words.shape[1] > 0,
        # A word that is written like a missing one
        "missing": bool((words.isna() | words.isin([MISSING_WORD])).any(axis=None)),
        "rare": words.shape[1] > 0,
    }
    return tuple(name for name, is_needed in found.items() if is_needed)


def of_training(source: Source, is_train: "np.ndarray[Any, Any]") -> Source:
    """Return data whose scripts prepare them without what these training rows do not need."""
    needs = source.settings.get("column_needs", ())
    if source.table is None or not needs or source.table.share < 1:
        return source
    columns, rows = source.table.columns, source.table.frame[is_train]
    numbers = rows[[*columns.numbers, *(name for name, _ in columns.dates)]]
    words = rows[[*columns.numbers, *columns.categories]].select_dtypes(exclude="number")
    spare = {
        # Other training rows, if fewer, will hardly all lack a number
        "empty": bool((2 * numbers.isna().sum() < len(rows)).all()),
        "rare": all(_is_frequent(words[name]).all() for name in words),
    }
    kept = tuple(name for name in needs if not spare.get(name))
    return source._replace(settings={**source.settings, "column_needs": kept})


def _is_frequent(words: "pd.Series[Any]") -> "pd.Series[bool]":
    """Return which of the words are those of one row in a hundred, or of more."""
    counts = words.astype(str).where(words.notna(), MISSING_WORD).value_counts()
    return counts >= RARE * len(words)


def _cells(column: "pd.Series[Any]") -> list[Any]:
    """Return what can be compared: a gap is like another."""
    return list(column.astype(object).where(column.notna(), None))


def _needed(every: tuple[str, ...], made: Callable[[tuple[str, ...]], object]) -> tuple[str, ...]:
    """Return those of the needs without which something else is made."""
    needed, whole = every, made(every)
    for one in every:
        less = tuple(name for name in needed if name != one)
        if made(less) == whole:
            needed = less
    return needed
