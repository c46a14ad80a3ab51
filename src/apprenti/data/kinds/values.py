"""What the values of a column show: numbers, dates, texts, or the names of categories."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

MOSTLY = 0.9
"""A column is one of numbers, or of dates, if at least this share of what is filled in is one."""

DATE_FORMATS = (
    "ISO8601",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%m/%d/%Y %H:%M",
)
"""How dates are written; where day and month cannot be told apart the day comes first."""

DATE = r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"

TEXT_LENGTH, TEXT_WORDS = 30, 3
"""Of so many signs, or words, on average, are the cells of a column of texts at least."""

LOOKED_AT = 1000
"""So many cells of a column are looked at to tell dates, texts and names of images."""


class Held(NamedTuple):
    """What one column holds."""

    what: str
    """numbers, mixed (numbers, and words among them), dates or categories."""
    values: "pd.Series[Any]"
    """Numbers as numbers and dates as dates, whatever they were before."""
    date_format: str = ""


def look_at(column: "pd.Series[Any]", is_category: bool, decimal: str) -> Held:
    """Return what a column holds; `is_category` is known already, where it is so."""
    import pandas as pd

    if is_category or pd.api.types.is_bool_dtype(column):
        return Held("categories", column)
    if pd.api.types.is_numeric_dtype(column):
        return Held("numbers", column)
    if pd.api.types.is_datetime64_any_dtype(column):
        return Held("dates", column, "ISO8601")
    if (numbers := as_numbers(column, decimal)) is not None:
        return Held("mixed", numbers)
    if (written := date_format(column)) is not None:
        return Held("dates", _as_dates(column, written), written)
    return Held("categories", column)


def as_numbers(column: "pd.Series[Any]", decimal: str = ".") -> "pd.Series[Any] | None":
    """Return a column of words as numbers (words become gaps), or None if it is none of numbers."""
    import pandas as pd

    texts = column.astype(str).str.replace(decimal, ".", regex=False)
    values = pd.to_numeric(texts, errors="coerce").astype(float)
    filled = column.notna().sum()
    return values if filled and values.notna().sum() >= MOSTLY * filled else None


def date_format(column: "pd.Series[Any]") -> str | None:
    """Return how the dates of a column are written, or None if it is none of dates."""
    filled = column.dropna()
    sample = filled.iloc[:LOOKED_AT].astype(str)
    if not len(sample) or not sample.str.contains(DATE).mean() >= MOSTLY:
        return None
    for written in DATE_FORMATS:
        if _are_dates(sample, written) and _are_dates(filled.astype(str), written):
            return written
    return None


def _are_dates(texts: "pd.Series[Any]", written: str) -> bool:
    return bool(_as_dates(texts, written).notna().mean() >= MOSTLY)


def _as_dates(texts: "pd.Series[Any]", written: str) -> "pd.Series[Any]":
    """Return texts as dates; what is not written so is a gap."""
    import pandas as pd

    return pd.to_datetime(texts, format=written, errors="coerce", utc=True)


def are_texts(column: "pd.Series[Any]") -> bool:
    """Say whether a column holds texts: several words, rarely the same."""
    import pandas as pd

    filled = column.dropna()
    if not len(filled) or not pd.api.types.is_string_dtype(filled) or date_format(filled):
        return False
    texts = filled.iloc[:LOOKED_AT].astype(str)
    long = texts.str.len().mean() >= TEXT_LENGTH or texts.str.split().str.len().mean() >= TEXT_WORDS
    lettered = texts.str.contains(r"[^\W\d_]").mean() >= MOSTLY
    return bool(long and lettered and texts.nunique() >= len(texts) / 2)
