"""Where a table begins: titles and comments above it, whether its first row has the names."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

MOST_TITLES = 50
"""So many lines may stand above a table."""

LOOKED_AT = 200
"""So many rows below a first one tell whether it has the names of their columns."""

MOSTLY = 0.9

COMMENT = ("#", "//", "%")
SEPARATOR = re.compile(r'"?sep=.?"?')
"""The line by which Excel is told what separates the cells."""

NUMBER = re.compile(r"[+-]?(\d[\d\s., ']*|[.,]\d+)(e[+-]?\d+)?\s*[%€$£]?", re.IGNORECASE)
DATE = re.compile(r"[\d\s/.:+-]*\d[T\s]?[\d\s/.:+-]*Z?")
UNKNOWN = re.compile(r"[?*.-]+|n/?a|nan|null", re.IGNORECASE)
"""What stands for a value that is not known names no column."""

UNNAMED = "Unnamed: "
"""How pandas calls a column without a name."""

YEARS = range(1800, 2201)

Cells = Sequence[str]


class Begin(NamedTuple):
    """Where a table begins, and the names of its columns where they are written."""

    skip: int
    """Lines above it that are none of its."""
    header: bool
    names: tuple[str, ...]
    """As they are written; without a header none."""
    place: int = 0
    """That of the header, or of the first row, where blank lines stand above it."""


def find(rows: Sequence[Cells], width: int, header: bool | None, skip: int | None) -> Begin:
    """Return where a table of this width begins, among its first records, blank ones and all.

    What the user says of it, a `header` and lines to `skip`, is not asked again.
    """
    begin = _first(rows, width) if skip is None else skip
    if skip is None and not any(any(cell.strip() for cell in row) for row in rows[:begin]):
        begin = 0
    filled = [place for place in range(begin, len(rows)) if any(map(str.strip, rows[place]))]
    if not filled:
        return Begin(begin, True, ())
    first, below = rows[filled[0]], [rows[place] for place in filled[1 : LOOKED_AT + 1]]
    has = _has_names(first, below) if header is None else header
    return Begin(begin, has, tuple(first) if has else (), filled[0])


def _first(rows: Sequence[Cells], width: int) -> int:
    """Return the number of the first record that is no title, comment or blank line."""
    for number, row in enumerate(rows[: MOST_TITLES + 1]):
        below = [other for other in rows[number + 1 :] if any(cell.strip() for cell in other)]
        if any(cell.strip() for cell in row) and not _is_title(row, below[:LOOKED_AT], width):
            return number
    return 0


def _is_title(row: Cells, below: Sequence[Cells], width: int) -> bool:
    if not below:
        return False
    if len(row) == 1 and SEPARATOR.fullmatch(row[0].strip().lower()):
        return True
    if row[0].lstrip().startswith(COMMENT):
        # #id,name,price may be a header all the same
        return len(row) != width or is_comment(below[0]) or names_columns(below[0], below[1:])
    if len(row) != width:
        return not _is_ragged_header(row, below, width)
    if _is_above_names(row, below):
        return True
    filled = [place for place, cell in enumerate(row) if cell.strip()]
    few = len(filled) <= max(1, width // 2) and len(filled) < width
    full = [other for other in below if all(cell.strip() for cell in other)]
    return few and bool(full) and names_columns(full[0], below[below.index(full[0]) + 1 :])


def _is_ragged_header(row: Cells, below: Sequence[Cells], width: int) -> bool:
    """Say whether a record has a name more, or less, than there are columns with values."""
    if len(row) == width + 1 and not row[-1].strip():
        return True
    if len(row) < 2 or len(row) >= width:
        return False
    sound = [other for other in below if len(other) == width]
    return not any(cell.strip() for other in sound for cell in other[len(row) :])


def _is_above_names(row: Cells, below: Sequence[Cells]) -> bool:
    """Say whether a row groups, or numbers, the columns that the row below it names.

    blood, blood, blood above iron, sugar, salt; X1, X2, X3 above age, sex, weight.
    """
    words = [cell.strip() for cell in row if cell.strip()]
    names = [cell.strip() for cell in below[0]]
    if any(map(holds_value, words)) or len({*names}) < len(names):
        return False
    letters = [word for word in words if re.fullmatch(r"[^\W\d]\d+", word)]
    numbered = len(letters) > 2 and [int(word[1:]) for word in letters] == [
        *range(int(letters[0][1:]), int(letters[0][1:]) + len(letters))
    ]
    spread = len(words) < len(row) or len({*words}) < len(words)
    return (numbered or spread) and names_columns(below[0], below[1:])


def is_comment(row: Cells) -> bool:
    return bool(row) and row[0].lstrip().startswith(COMMENT)


def holds_value(cell: str) -> bool:
    """Say whether a cell holds a number or a date rather than words."""
    cell = cell.strip()
    return bool(NUMBER.fullmatch(cell) or DATE.fullmatch(cell))


def _below(below: Sequence[Cells], place: int) -> list[str]:
    cells = (row[place].strip() for row in below if len(row) > place)
    return [cell for cell in cells if cell]


def names_columns(row: Cells, below: Sequence[Cells]) -> bool:
    """Say whether a row is surely a header: words alone, and numbers below one of them."""
    if not all(cell.strip() and not holds_value(cell) for cell in row):
        return False
    columns = (_below(below[:LOOKED_AT], place) for place in range(len(row)))
    return any(mostly_values(column) for column in columns)


def mostly_values(cells: Sequence[str]) -> bool:
    """Say whether nearly all cells of a column hold numbers or dates."""
    return bool(cells) and sum(map(holds_value, cells)) >= MOSTLY * len(cells)


def _has_names(row: Cells, below: Sequence[Cells]) -> bool:
    """Say whether the first row has names: it has, unless its cells are like those below.

    Words above numbers are names. Numbers above numbers are values, but for years and numbers that
    follow each other. Words above words are values where they come again.
    """
    numbers, again, unlike = list[str](), 0, 0
    for place, cell in enumerate(row):
        cell, column = cell.strip(), _below(below, place)
        if not cell or not column or UNKNOWN.fullmatch(cell):
            continue
        if mostly_values(column):
            if not holds_value(cell):
                return True
            numbers.append(cell)
        elif cell in column:
            again += 1
        elif holds_value(cell) or len({*column}) <= len(column) / 2:
            unlike += 1
    if numbers:
        return _are_counted(numbers) or (unlike > again and len(numbers) < 2)
    return not again or unlike > 0


def _are_counted(cells: Sequence[str]) -> bool:
    """Say whether numbers are names all the same: 2019, 2020, 2021, or 0, 1, 2, 3."""
    if not all(re.fullmatch(r"\d{1,4}", cell) for cell in cells):
        return False
    values = [int(cell) for cell in cells]
    if [*range(values[0], values[0] + len(values))] != values:
        return False
    years = all(value in YEARS for value in values)
    return len(values) > 1 if years else len(values) > 3 and values[0] in (0, 1)


def tidied(names: Sequence[str]) -> list[str]:
    """Return names without spaces around them, their accents in one form, "column 2" for none.

    As in backends/common/column_names.py.
    """
    clean = [unicodedata.normalize("NFC", name).replace("\ufeff", "").strip() for name in names]
    return [
        f"column {place}" if not name or name.startswith(UNNAMED) else name
        for place, name in enumerate(clean, start=1)
    ]


def told_apart(names: Sequence[str]) -> list[str]:
    """Return names as pandas writes them: of two alike the second one becomes "name.1"."""
    found: list[str] = []
    for name in names:
        count, written = 0, name
        while name and (written in found or (count and written in names)):
            count += 1
            written = f"{name}.{count}"
        found.append(written)
    return found
