"""A workbook of Excel with one sheet, written as plain as the format allows.

Office Open XML (ECMA-376): a ZIP of a few XML files. Texts stay texts ("01000"), numbers numbers,
and dates are the days since the end of 1899 in a style that shows them as such.
"""

import math
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"

BEGIN = datetime(1899, 12, 30)
DAY, MOMENT = 1, 2
"""Styles of cells, by their place in STYLES."""

STYLES = (
    f'<styleSheet xmlns="{MAIN}">'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)
FILES = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{CONTENT}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{CONTENT}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": STYLES,
}

MOST_ROWS, LONGEST_NAME, NOT_IN_NAMES = 1_048_576, 31, "[]:*?/\\"
"""What a sheet holds, and what its name may be."""


def write(path: Path, sheet: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a table into a new workbook; None and NaN are empty cells."""
    title = "".join(sign for sign in sheet if sign not in NOT_IN_NAMES)[:LONGEST_NAME] or "Sheet1"
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
        f'<sheet name="{_text(title)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**FILES, "xl/workbook.xml": book}.items():
            archive.writestr(name, HEAD + content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as file:
            file.write(f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>'.encode())
            for row in _every(names, rows):
                file.write(f"<row>{''.join(map(_cell, row))}</row>".encode())
            file.write(b"</sheetData></worksheet>")


def _every(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    yield names
    yield from rows


def _cell(value: Any) -> str:
    if value is None or value != value:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>" if math.isfinite(value) else "<c/>"
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        days = (value.replace(tzinfo=None) - BEGIN).total_seconds() / 86400
        return f'<c s="{DAY if days.is_integer() else MOMENT}"><v>{days!r}</v></c>'
    return f'<c t="inlineStr"><is><t xml:space="preserve">{_text(str(value))}</t></is></c>'


def _text(text: str) -> str:
    """Return a text without what XML cannot hold."""
    kept = (sign for sign in text if sign >= " " or sign in "\t\n\r")
    return escape("".join(kept).encode("utf-8", "replace").decode(), {'"': "&quot;"})
