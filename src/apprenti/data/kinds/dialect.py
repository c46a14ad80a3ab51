"""How a text table is written: its encoding, its separators, and where it begins and ends.

Nothing needs to be declared by the user: exports from Excel in French (semicolons, decimal commas,
Windows' own encoding), with a title above and a note below, are read as surely as plain files. What
was skipped or mended on the way is told.
"""

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from apprenti.data.kinds import encodings, footer, header, records
from apprenti.data.kinds.encodings import Encoding
from apprenti.data.kinds.footer import Around
from apprenti.data.kinds.header import Begin
from apprenti.data.kinds.records import Record, Records
from apprenti.data.kinds.remarks import Remark
from apprenti.errors import ApprentiError

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_RECORDS = 200
"""How many records are looked at to find out the delimiter."""

FEWEST_CODED = 4
"""Lines of more words than this may be rows of codes; shorter ones may be sentences."""

DECIMAL_COMMA = r"[+-]?\d+,\d+"

SAMPLE_LINES = 2000
MOSTLY = 0.9
MOST_EXAMPLES, LONGEST = 10, 80


class Asked(NamedTuple):
    """What the user says of a file; None where it is to be found out."""

    header: bool | None = None
    skip_rows: int | None = None
    sheet: str | None = None
    whole: bool = False
    """Whether all below the header are rows, as those that are to be predicted."""


class Dialect(NamedTuple):
    """What reading a text table takes."""

    encoding: str
    delimiter: str
    decimal: str
    regular: bool = True
    """Whether there is nothing in the file but a header and rows, which pandas reads as they are:
    all that follows is then as it is here."""
    header: bool = True
    skip_rows: int = 0
    """Lines above the header, or above the first row."""
    skip_lines: tuple[int, ...] = ()
    """Other lines that are no rows, counted from 0 as pandas counts them."""
    columns: int = 0
    """How many columns are read, where those after them have neither name nor value; 0: all."""
    quoted: bool = True
    """Whether quotation marks stand around cells; else they are signs like others."""
    mixed_encoding: bool = False
    """Whether some lines of a UTF-8 file are written in Windows' old encoding."""
    line_end: str = ""
    """What lines end with, where pandas would miscount those that it skips; empty: any of all."""
    compression: str = "infer"
    """What the file is packed with, where its name does not say so."""


class Found(NamedTuple):
    """How a table is written, the names of its columns, and what was skipped or mended."""

    dialect: Dialect
    names: list[str]
    remarks: tuple[Remark, ...] = ()


class _Text(NamedTuple):
    """A file whose letters are known."""

    path: Path
    encoding: Encoding
    sample: list[str]
    delimiter: str
    width: int
    quoted: bool = True

    def records(self) -> list[Record]:
        """Return the first records."""
        read = records.read(self.sample, self.delimiter, self.quoted)
        return [*itertools.islice(read, SAMPLE_RECORDS)]


def find_out(path: Path, asked: Asked | None = None) -> Found:
    """Return how a table is written; the whole file is gone through.

    Raises ApprentiError for what is no table: empty, binary, a header alone, rows of other lengths,
    two columns of one name.
    """
    asked = asked or Asked()
    encoding = encodings.find(path)
    sample = [*itertools.islice(encodings.text_lines(path, encoding), SAMPLE_LINES)]
    try:
        delimiter, width = _delimiter(sample)
        text = _Text(path, encoding, sample, delimiter, width)
        return _find_out(text, asked)
    except csv.Error as error:
        raise ApprentiError("not_a_table", path=path, reason=error) from None


def _find_out(text: _Text, asked: Asked) -> Found:
    begin = _begin(text, asked)
    seen, text = _look_through(text, begin)
    around = footer.find(seen, asked.whole)
    names, columns = _names(text, begin, seen)
    _refuse_ragged(text, begin, seen, around)
    if seen.rows <= len(around.skipped):
        raise ApprentiError("header_only", path=text.path)
    dialect = Dialect(
        encoding=text.encoding.name,
        delimiter=text.delimiter,
        decimal=_decimal(text, begin),
        header=begin.header,
        skip_rows=begin.skip,
        skip_lines=around.skipped,
        columns=columns,
        quoted=text.quoted,
        mixed_encoding=text.encoding.stray_count > 0,
        line_end="\r" if (begin.skip or around.skipped) and text.sample[0][-1:] == "\r" else "",
        compression=_compression(text.path),
    )
    told = header.tidied(header.told_apart(names) if begin.header else names)
    if twice := next((name for name in told if told.count(name) > 1), None):
        raise ApprentiError("column_twice", path=text.path, name=twice)
    regular = dialect == Dialect(*dialect[:3]) and [*begin.names] == told
    remarks = (*_remarks(text, begin, asked), *remarks_below(around))
    if begin.header:
        remarks = (*remarks, *remarks_on_names(names))
    return Found(dialect._replace(regular=regular), told, remarks)


def _delimiter(sample: Sequence[str]) -> tuple[str, int]:
    """Return what separates cells, and how many cells most records have."""
    first = sample[0].lstrip(records.BOM).strip("\r\n") if sample else ""
    said = re.fullmatch(r'"?sep=(.)"?', first, re.IGNORECASE)
    signs = (said[1],) if said else DELIMITERS
    if not said and _is_one_of_decimals(sample):
        return ";", 1
    scores = {sign: _score(sample, sign) for sign in signs}
    sign = max(signs, key=lambda sign: scores[sign])
    if not said and not scores[sign][1] and (width := _width_by_spaces(sample)):
        return records.SPACES, width
    return sign, max(1, scores[sign][1])


def _width_by_spaces(sample: Sequence[str]) -> int:
    """Return how many cells all lines have if spaces separate them, else 0.

    They are mostly numbers, or numbers and codes that come again, each in columns of their own.
    """
    read = itertools.islice(records.read(sample, records.SPACES), SAMPLE_RECORDS)
    rows = [record.cells for record in read if not record.is_blank]
    if len(rows) < 3 or len({*map(len, rows)}) > 1:
        return 0
    width, cells = len(rows[0]), [cell for row in rows for cell in row]
    if width > 1 and 2 * sum(map(header.holds_value, cells)) > len(cells):
        return width
    columns = [*zip(*rows[1:], strict=True)]
    words = [column for column in columns if not header.mostly_values(column)]
    of_codes = all(len({*column}) <= len(column) / 2 for column in words)
    return width if width > FEWEST_CODED and len(words) < width - 1 and of_codes else 0


def _is_one_of_decimals(sample: Sequence[str]) -> bool:
    """Say whether the lines are a name and numbers with decimal commas: one column, not two."""
    lines = [line.strip() for line in sample[: SAMPLE_RECORDS + 1] if line.strip()]
    numbers = lines[1:]
    one_name = bool(lines) and not any(sign in lines[0] for sign in DELIMITERS)
    return one_name and bool(numbers) and all(re.fullmatch(DECIMAL_COMMA, one) for one in numbers)


def _score(sample: Sequence[str], delimiter: str) -> tuple[float, int]:
    """Return how well a delimiter explains the first records, and how many cells most have."""
    try:
        read = records.read(sample, delimiter)
        widths = [len(one.cells) for one in itertools.islice(read, SAMPLE_RECORDS) if one.cells]
    except csv.Error:
        return (0, 0)
    if not widths:
        return (0, 0)
    usual, count = Counter(widths).most_common(1)[0]
    # What separates the cells of the first row, or else of nearly all that follow: titles have none
    width = widths[0]
    if width < 2 or widths.count(width) < MOSTLY * len(widths):
        after = len(widths) - next(place for place, one in enumerate(widths) if one == usual)
        if count >= MOSTLY * after:
            return (count / len(widths), usual) if usual > 1 else (0, 0)
    return (widths.count(width) / len(widths), width) if width > 1 else (0, 0)


def _begin(text: _Text, asked: Asked) -> Begin:
    rows = [record.cells for record in text.records()]
    found = header.find(rows, text.width, asked.header, asked.skip_rows)
    above = [place for place in range(found.skip) if any(map(str.strip, rows[place]))]
    if asked.skip_rows is None and above and not found.header:
        names = rows[above[-1]]
        # Names for other columns than those of the rows are no title
        if sum(bool(name.strip()) for name in names) > 1:
            return Begin(0, True, tuple(names), above[-1])
    return found


def _look_through(text: _Text, begin: Begin) -> tuple[Records, _Text]:
    """Look at all the records; return what was seen, and the text as it turned out to be quoted."""
    first, named = begin.place + begin.header, _named(text, begin)
    if named == text.width and (count := _count_even(text, begin)) is not None:
        return Records(count, (), 0, (), 0, (), ()), text
    seen = records.look_through(_read(text), first, text.width, named, begin.names)
    if not seen.over_lines or _is_well_quoted(text):
        return seen, text
    bare = text._replace(quoted=False)
    other = records.look_through(_read(bare), first, text.width, named, begin.names)
    if other.odd or text.width == 1 or _has_quoted_cells(bare):
        line = _first_over_lines(text)
        raise ApprentiError("stray_quote", path=text.path, line=line)
    return other, bare


def _count_even(text: _Text, begin: Begin) -> int | None:
    """Return how many rows there are if all is sound, by a look at the bytes alone."""
    name = text.encoding.name.removesuffix("-sig")
    if name not in ("utf-8", "cp1252") or not text.delimiter.isascii():
        return None
    if text.delimiter == records.SPACES:
        return None
    last = records.read(encodings.last_lines(text.path, text.encoding), text.delimiter)
    try:
        if footer.may_be([*last][-records.LAST :]):
            return None
    except csv.Error:
        return None
    title = text.sample[begin.place].encode(name, "replace") if begin.header else b""
    return records.count_even(
        encodings.pieces(text.path),
        text.delimiter,
        text.width,
        begin.place + begin.header,
        b"\n" + title if title else b"",
    )


def _read(text: _Text) -> Iterator[Record]:
    lines = encodings.text_lines(text.path, text.encoding)
    return records.read(lines, text.delimiter, text.quoted)


def _is_well_quoted(text: _Text) -> bool:
    """Say whether every quotation mark that opens a cell is closed where the cell ends."""
    lines = encodings.text_lines(text.path, text.encoding)
    try:
        for _ in csv.reader(lines, delimiter=text.delimiter, strict=True):
            pass
    except csv.Error:
        return False
    return True


def _has_quoted_cells(text: _Text) -> bool:
    return any(
        len(cell) > 1 and cell.startswith('"') and cell.endswith('"')
        for record in _read(text)
        for cell in record.cells
    )


def _first_over_lines(text: _Text) -> int:
    before = 0
    for record in _read(text):
        if record.line > before + 1:
            return before + 1
        before = record.line
    return 1


def _named(text: _Text, begin: Begin) -> int:
    """Return how many columns are left without the last ones that have neither name nor value."""
    named = text.width
    rows = [record.cells for record in text.records()[begin.place + begin.header :]]
    while named > 1:
        cells = [*begin.names[named - 1 : named], *(row[named - 1] for row in rows if row[named:])]
        cells += [row[named - 1] for row in rows if len(row) == named]
        if any(map(str.strip, cells)):
            break
        named -= 1
    return named


def _names(text: _Text, begin: Begin, seen: Records) -> tuple[list[str], int]:
    """Return the names as they are written, and how many columns are read, 0 for all."""
    names, named = [*begin.names], _named(text, begin)
    if not begin.header:
        named = text.width if seen.beyond else named
        return [""] * named, named if named < text.width else 0
    if len(names) > text.width and not any(map(str.strip, names[text.width :])):
        return names[: text.width], text.width
    if named < text.width and not seen.beyond:
        return names[:named], named
    return names, 0


def _refuse_ragged(text: _Text, begin: Begin, seen: Records, around: Around) -> None:
    """Refuse rows of which nobody knows what stands in which column."""
    names, width = len(begin.names), text.width
    if begin.header and names < width and (seen.beyond or _named(text, begin) > names):
        first = seen.beyond[0] if seen.beyond else text.records()[begin.place + 1]
        values = {"row": first.line, "expected": names, "found": width, "count": seen.rows}
        raise ApprentiError("ragged", path=text.path, **values)
    if around.ragged:
        first, expected = around.ragged[0], names or width
        found = {"found": len(first.cells), "count": seen.odd_count - len(around.skipped)}
        raise ApprentiError("ragged", path=text.path, row=first.line, expected=expected, **found)
    if len(around.skipped) > footer.MOST_SKIPPED:
        raise ApprentiError("many_skipped", path=text.path, count=len(around.skipped))


def _decimal(text: _Text, begin: Begin) -> str:
    """Return the sign before the decimals, by the first rows."""
    rows = text.records()[begin.place + begin.header :]
    cells = [cell.strip() for record in rows for cell in record.cells]
    comma = sum(bool(re.fullmatch(DECIMAL_COMMA, cell)) for cell in cells)
    point = sum(bool(re.fullmatch(r"[+-]?\d+\.\d+", cell)) for cell in cells)
    return "," if text.delimiter != "," and comma > point else "."


def _compression(path: Path) -> str:
    """Return what a file is packed with where its name does not say so."""
    packed = encodings.packing(path)
    by_name = encodings.ENDINGS.get(path.suffix.lower())
    return "infer" if packed == by_name else packed or "none"


# What is told


def _remarks(text: _Text, begin: Begin, asked: Asked) -> Iterator[Remark]:
    yield from remarks_above(text.records(), begin, asked, text.delimiter)
    if text.encoding.stray_count:
        encoding = text.encoding
        yield Remark("mixed_encoding", encoding.stray_count, encoding.strays, encoding.example)
    if not text.quoted:
        lines = enumerate(encodings.text_lines(text.path, text.encoding), start=1)
        found = [(number, line) for number, line in lines if '"' in line]
        places = tuple(number for number, _ in found[:MOST_EXAMPLES])
        yield Remark("stray_quotes", len(found), places, found[0][1].strip()[:LONGEST])


def remarks_above(
    rows: Sequence[Record], begin: Begin, asked: Asked, between: str = " "
) -> Iterator[Remark]:
    """Yield what is told of the rows above a table, and of one without a header."""
    if asked.skip_rows is None:
        titles = rows[: begin.skip]
        yield from _of("titles", [one for one in titles if any(map(str.strip, one.cells))], between)
    if not begin.header and asked.header is None:
        yield from _of("no_header", [rows[begin.place]], between)


def remarks_on_names(names: Sequence[str]) -> Iterator[Remark]:
    """Yield what is told of names that are not as they are written."""
    apart = header.told_apart(names)
    tidied = header.tidied(apart)
    rows = [*zip(names, apart, tidied, strict=True)]
    bare = [new for old, _, new in rows if not old.strip() or old.startswith(header.UNNAMED)]
    twice = [middle for old, middle, _ in rows if middle != old]
    changed = [new for _, old, new in rows if new != old.strip() and new not in bare]
    for what, found in (("nameless", bare), ("twice", twice), ("names", changed)):
        if found:
            yield Remark(what, len(found), (), ", ".join(found[:MOST_EXAMPLES]))


def remarks_below(around: Around) -> Iterator[Remark]:
    """Yield what is told of the lines below a table, or among its rows, that are no rows."""
    for what in ("comments", "headers", "notes", "totals", "kept_totals"):
        yield from _of(what, getattr(around, what))


def _of(what: str, found: Sequence[Record], between: str = " ") -> Iterator[Remark]:
    if found:
        lines = tuple(record.line for record in found[:MOST_EXAMPLES])
        yield Remark(what, len(found), lines, between.join(found[0].cells).strip()[:LONGEST])
