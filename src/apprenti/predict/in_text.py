"""A table in text, written as the one that was given: its separators, marks, letters, line ends."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import records
from apprenti.predict.columns import beside
from apprenti.predict.predictions import Predictions
from apprenti.predict.tables import Table

if TYPE_CHECKING:
    import pandas as pd

POINT = r"(?<![\d.])\d+\.\d+(?![\d.])"
"""A number with decimals: no date, no address."""


class Style(NamedTuple):
    """How a text table is written."""

    encoding: str = "utf-8"
    between: str = ","
    decimal: str = "."
    line_end: str = "\n"
    header: bool = True
    header_quoted: bool = False
    quoted: Mapping[str, bool] = {}
    """Whether the cells of a column stand between quotation marks, where they could do without."""
    has_quotes: bool = True
    """Whether quotation marks are more than signs like others."""


def as_text(found: Predictions, ending: str = "") -> bytes:
    """Return what was given and the predictions; `ending` is that of the name of the file."""
    style = style_of(found)
    if ending in (".tsv", ".tab"):
        style = style._replace(between="\t")
    text = "".join(_lines(beside(found), style))
    try:
        return text.encode(style.encoding)
    except UnicodeEncodeError:
        # A class, or a name, with letters that the encoding of the file does not have
        return text.encode("utf-8-sig")


def _lines(table: "pd.DataFrame", style: Style) -> Iterator[str]:
    if style.header:
        heads = [style.header_quoted] * len(table.columns)
        yield _line(table.columns, heads, style)
    quoted = [_is_quoted(str(name), table[name], style) for name in table.columns]
    for row in table.itertuples(index=False, name=None):
        yield _line(row, quoted, style)


def _is_quoted(name: str, column: "pd.Series[Any]", style: Style) -> bool:
    """Say whether cells stand between quotation marks; of new ones as words or numbers of old."""
    if name in style.quoted or not style.quoted:
        return style.quoted.get(name, False)
    return all(style.quoted.values()) or (style.header_quoted and column.dtype.kind == "O")


def _line(cells: Iterable[Any], quoted: Sequence[bool], style: Style) -> str:
    written = [_cell(cell, marks, style) for cell, marks in zip(cells, quoted, strict=True)]
    return style.between.join(written) + style.line_end


def _cell(cell: Any, quoted: bool, style: Style) -> str:
    if cell is None or cell != cell:
        return ""
    text = _number(cell, style.decimal) if isinstance(cell, float) else str(cell)
    needed = any(sign in text for sign in (style.between, '"', "\n", "\r"))
    if style.has_quotes and (quoted or needed):
        return '"' + text.replace('"', '""') + '"'
    return text


def _number(value: float, decimal: str) -> str:
    return repr(float(value)).removesuffix(".0").replace(".", decimal)


# How the given file is written


def style_of(found: Predictions) -> Style:
    """Return how the first text table that was given is written, or else what is usual."""
    tables = (part.table for part in found.parts if part.table and part.table.is_text)
    table = next(tables, None)
    if table is None or table.reading is None:
        return Style()
    return _of_table(table, table.reading.settings, found.decimal)


def _of_table(table: Table, settings: Mapping[str, Any], decimal: str) -> Style:
    delimiter, is_header = str(settings["delimiter"]), bool(settings.get("header", True))
    lines, names = table.lines, [*map(str, table.frame.columns)]
    head, quoted = _quotes(lines[int(settings.get("skip_rows", 0)) :], names, delimiter, is_header)
    return Style(
        str(settings["encoding"]),
        " " if delimiter == records.SPACES else delimiter,
        str(settings["decimal"]) if _shows_decimals(table, settings) else decimal,
        "\r\n" if lines and lines[0].endswith("\r\n") else "\n",
        is_header,
        head,
        quoted,
        bool(settings.get("quoted", True)),
    )


def _shows_decimals(table: Table, settings: Mapping[str, Any]) -> bool:
    """Say whether a file shows its decimal mark: without decimals none of its own can be told."""
    if settings["decimal"] == "," or settings["delimiter"] == ",":
        return True
    return any(re.search(POINT, line) for line in table.lines)


def _quotes(
    lines: Sequence[str], names: Sequence[str], delimiter: str, is_header: bool
) -> tuple[bool, dict[str, bool]]:
    """Return whether the names stand between quotation marks, and of each column whether its cells
    do."""
    between = delimiter if delimiter == records.SPACES else re.escape(delimiter)
    cell = re.compile(rf'(?:^|{between})("(?:[^"]|"")*"|.*?)(?={between}|$)')
    rows = [cell.findall(line.rstrip("\r\n")) for line in lines]
    rows = [row for row in rows if len(row) == len(names)]
    head = is_header and bool(rows) and all(one.startswith('"') for one in rows[0] if one)
    filled = [[one for one in column if one] for column in zip(*rows[is_header:], strict=True)]
    marked = [bool(cells) and all(one.startswith('"') for one in cells) for cells in filled]
    return head, dict(zip(names, marked, strict=False))
