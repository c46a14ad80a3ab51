"""How the values of one column are written: what was found out, or what the project has kept."""

from typing import Any, NamedTuple

NUMBER, CATEGORY, DATE, TIME, TEXT = "number", "category", "date", "time", "text"
KINDS = (NUMBER, CATEGORY, DATE, TIME, TEXT)

MISSING = frozenset(
    (
        *("#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
        *("<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
    )
)
"""The words that pandas takes for a gap, unless it is told otherwise."""


class Written(NamedTuple):
    """What a column holds, and how it is written."""

    kind: str
    """number, category, date, time (of the day) or text."""
    decimal: str = "."
    thousands: str = ""
    """What stands between groups of three digits; a space is any kind of space."""
    unit: str = ""
    """A currency, % or a unit around each number, in small letters."""
    format: str = ""
    """Of dates and times, as strptime has it; several are parted by " | ", the first that fits
    counts."""
    words: bool = False
    """Whether words such as NA are values here, and no gaps."""
    doubt: str = ""
    """Why it could be read otherwise as well: thousands, month_first, mixed_dates, short_years, or
    the unit in which it may count since 1970; empty where it could not."""

    @property
    def is_plain(self) -> bool:
        """Whether numbers are written as pandas expects them."""
        return self.kind == NUMBER and (self.decimal, self.thousands, self.unit) == (".", "", "")


class Unread(NamedTuple):
    """Cells that do not fit the way their column is written; they count as gaps."""

    rows: int
    cells: tuple[tuple[int, str], ...]
    """Some of them: the number of the row, counted from 1 without the header, and what is in it."""
    frequent: tuple[tuple[str, int], ...] = ()
    """The most frequent ones, with their number of rows."""


def as_settings(written: Written) -> dict[str, Any]:
    """Return what differs from the defaults, under its name: {"kind": "number", "unit": "€"}."""
    usual = Written(written.kind)
    differing = {
        name: value for name, value in written._asdict().items() if value != getattr(usual, name)
    }
    return {"kind": written.kind, **differing}
