"""The files that a table may come in: which block reads each, and reading them here.

A file is known by its first bytes rather than by its name: .dat, .data, or no ending at all.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.formats import ARRAYS, TABLE_ENDINGS, is_image
from apprenti.data.kinds import dialect, encodings, footer, header, memory, parquet, records
from apprenti.data.kinds.dialect import Asked
from apprenti.data.kinds.records import Record
from apprenti.data.kinds.remarks import Remark
from apprenti.errors import ApprentiError, nearest
from apprenti.outside import reading

if TYPE_CHECKING:
    import pandas as pd

SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
OLD_OFFICE = b"\xd0\xcf\x11\xe0"

KINDS = {
    ".parquet": "parquet_table",
    ".pq": "parquet_table",
    ".feather": "feather_table",
    ".arrow": "feather_table",
    ".json": "json_table",
    ".jsonl": "json_table",
    ".ndjson": "json_table",
    **dict.fromkeys(SHEETS, "excel_table"),
}
"""By the ending: a file cut short is told as what it should have been."""

NAMES = {
    "parquet_table": "Parquet",
    "feather_table": "Feather",
    "json_table": "JSON",
    "excel_table": "Excel",
}

MARKS = {b"PAR1": "parquet_table", b"ARROW1": "feather_table", b"FEA1": "feather_table"}


DAMAGED = {
    "excel_table": "damaged_sheet",
    "parquet_table": "damaged_parquet",
    "feather_table": "damaged_parquet",
}
"""How a file is told that cannot be read, by the block that reads it."""


class Reading(NamedTuple):
    """Which block reads a file, the settings that it needs, and what is skipped or mended."""

    kind: str
    settings: dict[str, object]
    remarks: tuple[Remark, ...] = ()


def is_table(path: Path) -> bool:
    """Say whether a file may be a table: by its ending, or else by what stands in it."""
    name = path.name.lower()
    if name.endswith(TABLE_ENDINGS):
        return True
    if not path.is_file() or is_image(name) or name.endswith(ARRAYS):
        return False
    if not path.stat().st_size:
        return False
    if kind_of(path) != "csv_table":
        return True
    begin = b""
    try:
        begin = next(encodings.pieces(path), b"")
    except ApprentiError as error:
        # Several files in one: which is meant is asked, unless they are images
        return error.key == "zip_of_several" and not has_images(path)
    return bool(begin.strip()) and b"\0" not in begin and not begin.lstrip().startswith(b"<")


def has_images(path: Path) -> bool:
    """Say whether a file is a ZIP that holds images."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return any(is_image(name) for name in archive.namelist())


def kind_of(path: Path) -> str:
    """Return which block reads a file, by its first bytes, or else by its name."""
    if not path.stat().st_size:
        # Files of the system have no size, and some of them no end
        if kind := KINDS.get(path.suffix.lower()):
            return kind
        raise ApprentiError("empty_file", path=path)
    with open(path, "rb") as file:
        begin = file.read(1 << 12)
    if known := next((kind for mark, kind in MARKS.items() if begin.startswith(mark)), None):
        return known
    if begin.startswith(OLD_OFFICE) or (begin.startswith(b"PK\3\4") and _is_sheet(path)):
        return "excel_table"
    if path.suffix.lower() in KINDS:
        return KINDS[path.suffix.lower()]
    if encodings.packing(path):
        _refuse_packed(path)
        return "csv_table"
    return "json_table" if _is_json(begin) else "csv_table"


def _is_json(begin: bytes) -> bool:
    text = begin.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text.startswith((b'{"', b'[{"', b'[ {"', b"[\n"))


def _refuse_packed(path: Path) -> None:
    """Refuse a table that is packed and no text: only text is read through what packs it."""
    try:
        begin, name = next(encodings.pieces(path), b""), encodings.packed_name(path)
    except ApprentiError:
        # Several files, or a damaged one: told where it is read
        return
    by_mark = next((kind for mark, kind in MARKS.items() if begin.startswith(mark)), None)
    kind = by_mark or ("json_table" if _is_json(begin) else KINDS.get(Path(name).suffix.lower()))
    if kind:
        raise ApprentiError("packed_kind", path=path, kind=NAMES[kind])


def _is_sheet(path: Path) -> bool:
    """Say whether a ZIP is what Excel or LibreOffice write."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            # The workbook of Excel, or the first entry of OpenDocument, which says what it is
            opened = names[:1] == ["mimetype"] and archive.read("mimetype")
            return "xl/workbook.xml" in names or b"spreadsheet" in (opened or b"")
    except (zipfile.BadZipFile, RuntimeError, OSError):
        return False


def how_written(path: Path, asked: Asked | None = None) -> Reading:
    """Return which block reads a file, and the settings that it needs to do so.

    Raises ApprentiError for what is no table, and for what is asked of another kind of file.
    """
    asked, kind = asked or Asked(), kind_of(path)
    told = ("header", "skip_rows", "sheet")
    meant = {"csv_table": told[:2], "excel_table": told}.get(kind, ())
    if wrong := [name for name in told if getattr(asked, name) is not None and name not in meant]:
        settings = ", ".join(wrong)
        raise ApprentiError("not_for_this_source", settings=settings, source=path.name)
    if kind == "excel_table":
        return _in_sheet(path, asked)
    if kind == "json_table":
        return Reading(kind, json_settings(path))
    if kind != "csv_table":
        return Reading(kind, {})
    found = dialect.find_out(path, asked)
    return Reading(kind, dict(_needed(found.dialect)), found.remarks)


def _needed(found: dialect.Dialect) -> Iterator[tuple[str, object]]:
    """Yield what a script must be told: what every script of text asks for, and what is unusual."""
    usual = found._field_defaults
    for name, value in found._asdict().items():
        if name not in usual or value != usual[name]:
            yield name, value


def read(path: Path, kind: str, settings: Mapping[str, Any]) -> "pd.DataFrame":
    """Read a table that is written this way (see `how_written`), by the block of its kind."""
    from apprenti.backends.common.settings import Config

    if kind == "csv_table":
        memory.check_text(path)
    if kind == "parquet_table":
        parquet.check(path)
    block = import_module(f"apprenti.backends.common.{kind}")
    with reading(path, DAMAGED.get(kind, "not_a_table")):
        frame: pd.DataFrame = block.read_table(path, Config(**settings))
    if kind == "json_table":
        _refuse_lists(path, frame)
    return frame


# Sheets


def _in_sheet(path: Path, asked: Asked) -> Reading:
    """Return where in a workbook the table is."""
    sheets, cells = _sheet(path, asked.sheet)
    filled = [place for row in cells for place, cell in enumerate(row) if cell.strip()]
    if not filled:
        raise ApprentiError("empty_file", path=path)
    usual = [place for row in cells if sum(map(bool, row)) > 1 for place in _places(row)]
    left, right = min(usual or filled), max(usual or filled) + 1
    rows = [row[left:right] for row in cells]
    begin = header.find(rows, right - left, asked.header, asked.skip_rows)
    skip = begin.place if asked.skip_rows is None else asked.skip_rows
    every = [Record(n, n + 1, row if any(row) else []) for n, row in enumerate(rows)]
    seen = records.look_through(
        every, begin.place + begin.header, right - left, right - left, begin.names
    )
    around = footer.find(seen, asked.whole)
    blank = [one.place for one in every if one.place > skip and not any(map(str.strip, one.cells))]
    skipped = tuple(sorted({*around.skipped, *blank[: footer.MOST_SKIPPED]}))
    if seen.rows <= len(around.skipped):
        raise ApprentiError("header_only", path=path)
    found: dict[str, object] = {"sheet": sheets[0], "header": begin.header}
    found |= {"skip_rows": skip, "skip_lines": skipped}
    if left or right < max(map(len, cells)):
        found |= {"first_column": left, "columns": right}
    remarks = [*dialect.remarks_above(every, begin._replace(skip=skip), asked)]
    remarks += dialect.remarks_on_names(begin.names) if begin.header else ()
    remarks += dialect.remarks_below(around)
    if len(sheets) > 1 and asked.sheet is None:
        remarks.append(Remark("sheets", len(sheets) - 1, (), ", ".join(sheets)))
    return Reading("excel_table", found, tuple(remarks))


def _places(row: Sequence[str]) -> list[int]:
    return [place for place, cell in enumerate(row) if cell.strip()]


def _sheet(path: Path, wanted: str | None) -> tuple[list[str], list[list[str]]]:
    """Return the names of the sheets, the one that is read first, and the cells of that one."""
    import pandas as pd
    from python_calamine import CalamineError

    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            memory.check_size(path, sum(entry.file_size for entry in archive.infolist()))
    try:
        with pd.ExcelFile(path, engine="calamine") as book:
            names = [str(name) for name in book.sheet_names]
            if wanted and wanted not in names:
                near = nearest(wanted, names)
                raise ApprentiError(
                    "no_sheet", path=path, name=wanted, names=", ".join(names), nearest=near
                )
            for name in [wanted] if wanted else names:
                frame = pd.read_excel(book, sheet_name=name, header=None, dtype=object)
                if len(frame):
                    break
    except (ValueError, OSError, KeyError, MemoryError, CalamineError) as error:
        raise ApprentiError("damaged_sheet", path=path, reason=error) from None
    rows = frame.astype(object).to_numpy().tolist()
    cells = [["" if pd.isna(cell) else str(cell).strip() for cell in row] for row in rows]
    return [str(name), *(other for other in names if other != name)], cells


# JSON


def json_settings(path: Path) -> dict[str, object]:
    """Return where in a JSON file the rows are; raises ApprentiError where there are none."""
    memory.check_text(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        try:
            content = json.loads(text)
        except json.JSONDecodeError:
            rows = [json.loads(line) for line in text.split("\n") if line.strip()]
            return {"json_form": "lines"} if _are_rows(rows) else _no_rows(path)
    except (ValueError, RecursionError) as error:
        raise ApprentiError("not_a_table", path=path, reason=error) from None
    if path.suffix.lower() in (".jsonl", ".ndjson") and isinstance(content, dict):
        return {"json_form": "lines"}
    if _are_rows(content):
        return {"json_form": "rows"}
    if not isinstance(content, dict):
        return _no_rows(path)
    if keys := [key for key, value in content.items() if _are_rows(value)]:
        return {"json_form": "rows", "json_key": keys[0]} if len(keys) == 1 else _no_rows(path)
    columns = [value for value in content.values() if isinstance(value, list | dict)]
    if len(columns) == len(content) and len({*map(len, columns)}) == 1:
        return {"json_form": "columns"}
    return _no_rows(path)


def _are_rows(content: object) -> bool:
    is_list = isinstance(content, list) and bool(content)
    return is_list and all(isinstance(row, dict) for row in content)  # type: ignore[attr-defined]


def _no_rows(path: Path) -> dict[str, object]:
    raise ApprentiError("json_without_rows", path=path)


def _refuse_lists(path: Path, frame: "pd.DataFrame") -> None:
    import pandas as pd

    for name in frame.columns:
        if not pd.api.types.is_object_dtype(frame[name]):
            continue
        if frame[name].map(lambda cell: isinstance(cell, list)).any():
            raise ApprentiError("json_cells", path=path, name=name)
