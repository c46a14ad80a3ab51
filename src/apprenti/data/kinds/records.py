"""The records of a text table, one after the other: which of them are not as wide as the table."""

import codecs
import csv
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Places = np.ndarray[Any, Any]

csv.field_size_limit(10_000_000)

NEWLINE, RETURN, QUOTE = b'\n\r"'

SPACES = r"\s+"
"""What separates the cells of many a .data file, as pandas writes it."""

BOM = "\ufeff"

MOST_ODD = 200
LONGEST = 1 << 26
"""Bytes: a record is shorter, or else a quotation mark was never closed."""

LAST = 50
"""So many of the last records are kept: below a table stand notes and totals."""


class Record(NamedTuple):
    place: int
    """Counted from 0, empty lines and all: as pandas counts the lines that it is to skip."""
    line: int
    """The line of the file on which it ends, counted from 1."""
    cells: list[str]

    @property
    def is_blank(self) -> bool:
        return not self.cells or (len(self.cells) == 1 and not self.cells[0].strip())


class Records(NamedTuple):
    """What was seen of all the records of a file."""

    rows: int
    """How many are not blank."""
    odd: tuple[Record, ...]
    """The first of those that are not as wide as the table."""
    odd_count: int
    last: tuple[Record, ...]
    over_lines: int
    """How many go over several lines, between quotation marks."""
    beyond: tuple[Record, ...]
    """The first that has a value in a column that stands after the last name."""
    headers: tuple[Record, ...]
    """Those that are the first row again, as where files were put one below the other."""


def read(lines: Iterable[str], delimiter: str, quoted: bool = True) -> Iterator[Record]:
    """Yield every record; raises csv.Error for what cannot be told apart."""
    quoting: Any = csv.QUOTE_MINIMAL if quoted else csv.QUOTE_NONE
    if delimiter == SPACES:
        # One space or several, between cells alone
        lines = (line.replace("\t", " ").strip() for line in lines)
        reader = csv.reader(lines, delimiter=" ", skipinitialspace=True, quoting=quoting)
    else:
        reader = csv.reader(lines, delimiter=delimiter, quoting=quoting)
    for place, cells in enumerate(reader):
        yield Record(place, reader.line_num, cells)


def look_through(
    records: Iterable[Record], begin: int, width: int, named: int, header: Sequence[str] = ()
) -> Records:
    """Look at the records from the one at `begin` on; `named` columns of `width` have a name."""
    count = odd_count = over_lines = before = 0
    odd: list[Record] = []
    beyond: list[Record] = []
    headers: list[Record] = []
    names = [*header]
    last: deque[Record] = deque(maxlen=LAST)
    for record in records:
        over_lines += record.line > before + 1
        before, cells = record.line, record.cells
        if record.place < begin:
            continue
        last.append(record)
        if record.is_blank:
            continue
        count += 1
        if len(cells) != width:
            odd_count += 1
            odd += [record] if len(odd) < MOST_ODD else []
        elif named < width and not beyond:
            beyond += [record] if any(cell.strip() for cell in cells[named:]) else []
        if names and cells[-1] == names[-1] and [cells[0].lstrip(BOM), *cells[1:]] == names:
            headers += [record] if len(headers) < MOST_ODD else []
    found = tuple(odd), odd_count, tuple(last), over_lines, tuple(beyond), tuple(headers)
    return Records(count, *found)


def count_even(
    pieces: Iterable[bytes], delimiter: str, width: int, begin: int, header: bytes
) -> int | None:
    """Return how many records follow the line `begin` if all are sound and of this width.

    Bytes are compared rather than cells read: on plain tables that takes a tenth of the time. None
    where it cannot be sure: other widths, quotation marks within cells, unusual ends of lines, the
    `header` (a line, with the end of the one before) once more.
    """
    rest, count, skip = b"", 0, begin
    for piece in _with_end(pieces):
        rest += piece
        # A second mark of UTF-8 stands where one file was put below another
        is_one = len(rest) < LONGEST and rest.find(codecs.BOM_UTF8, 1) < 0
        found = _ends(rest, ord(delimiter)) if is_one else None
        if found is None:
            return None
        ends, delimiters = found
        if not len(ends):
            continue
        fields = _fields(rest, ends, delimiters, skip, width)
        if fields is None:
            return None
        after = int(ends[min(skip, len(ends)) - 1]) if skip else 0
        if header and (rest.find(header, after) >= 0 or (not skip and rest.startswith(header[1:]))):
            return None
        count, skip = count + fields, max(0, skip - len(ends))
        rest = rest[int(ends[-1]) + 1 :]
    return None if rest.strip() else count


def _with_end(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the pieces, and the end of the last line where the file has none."""
    last = b""
    for last in pieces:
        yield last
    if last and not last.endswith(b"\n"):
        yield b"\n"


def _ends(text: bytes, delimiter: int) -> "tuple[Places, Places] | None":
    """Return where records end and where cells are separated; None where this is not sure."""
    import numpy as np

    signs = np.frombuffer(text, np.uint8)
    ends, delimiters = np.flatnonzero(signs == NEWLINE), np.flatnonzero(signs == delimiter)
    if b'"' in text:
        marks = np.flatnonzero(signs == QUOTE)
        # Between an opening mark and the next one nothing ends
        ends = ends[np.searchsorted(marks, ends) % 2 == 0]
        delimiters = delimiters[np.searchsorted(marks, delimiters) % 2 == 0]
        whole = int(ends[-1]) + 1 if len(ends) else 0
        if not _are_sound(signs, marks[marks < whole], delimiter):
            return None
    whole = int(ends[-1]) + 1 if len(ends) else 0
    if b"\r" in text and text.count(b"\r", 0, whole) != text.count(b"\r\n", 0, whole):
        return None
    return ends, delimiters


def _are_sound(signs: "Places", marks: "Places", delimiter: int) -> bool:
    """Say whether quotation marks stand at both ends of cells, or doubled within."""
    import numpy as np

    opening, closing = marks[::2], marks[1::2]
    if len(opening) != len(closing):
        return False
    before = signs[opening[opening > 0] - 1]
    after = signs[np.minimum(closing + 1, len(signs) - 1)]
    begins = np.isin(before, (delimiter, NEWLINE, QUOTE))
    return bool(begins.all() and np.isin(after, (delimiter, NEWLINE, RETURN, QUOTE)).all())


def _fields(text: bytes, ends: "Places", delimiters: "Places", skip: int, width: int) -> int | None:
    """Return how many records end here, after the first `skip`; None if one is of another width."""
    import numpy as np

    found = np.diff(np.searchsorted(delimiters, ends), prepend=0)
    others = np.flatnonzero(found != width - 1)
    others = others[others >= skip]
    if len(others) > MOST_ODD:
        return None
    for number in others.tolist():
        start = int(ends[number - 1]) + 1 if number else 0
        if found[number] or text[start : int(ends[number])].strip():
            return None
    return max(0, len(ends) - skip) - len(others)
