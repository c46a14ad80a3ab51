"""Predictions in a file of the user's: beside what was given, in its kind of file."""

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.files import Reading
from apprenti.data.source import locate
from apprenti.errors import ApprentiError
from apprenti.outside import real
from apprenti.predict import tables, workbook
from apprenti.predict.columns import added, beside
from apprenti.predict.in_text import as_text
from apprenti.predict.predictions import Predictions
from apprenti.project import FILE, load
from apprenti.writing import told, whole

if TYPE_CHECKING:
    import pandas as pd

FORMATS = {
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".dat", ".data"), "csv_table"),
    **dict.fromkeys((".xlsx", ".xlsm"), "excel_table"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json_table"),
    **dict.fromkeys((".parquet", ".pq"), "parquet_table"),
    **dict.fromkeys((".feather", ".arrow"), "feather_table"),
}
"""What is written, by the ending of its name."""

PACKED = ".gz"


def check(out: Path, given: Sequence[Path], project: Path, force: bool) -> None:
    """Refuse to write over what is there, over what was given or what a project is made of.

    So is a name that asks for a kind of file that is not written, and a folder that is not there.
    """
    place = real(out)
    own = [*map(real, given), real(project / FILE), *data_of(project)]
    inside = real(project / "runs") in place.parents
    if inside or place in own or (out.exists() and not out.is_file()):
        raise ApprentiError("out_refused", path=out)
    if out.exists() and not force:
        raise ApprentiError("out_exists", path=out)
    ending = _ending(out)
    if ending and ending not in FORMATS:
        raise ApprentiError("out_ending", path=out, ending=ending)
    with told(out):
        out.parent.stat()


def data_of(project: Path) -> list[Path]:
    """Return the file or folder of a project's data, where they are in one."""
    try:
        return [locate(load(project).choices.data.source, project)]
    except (ApprentiError, OSError, ValueError):
        return []


def _ending(out: Path) -> str:
    return (out.with_suffix("") if out.suffix.lower() == PACKED else out).suffix.lower()


def save(found: Predictions, out: Path) -> None:
    """Write what was given and the predictions, so that the file is there whole or not at all.

    The ending of the name says which kind of file; without one it is that of what was given.
    """
    reading, ending = _as_given(found), _ending(out)
    kind = FORMATS.get(ending, reading.kind)
    with told(out), whole(out) as arriving:
        if kind == "json_table":
            arriving.write_text(_as_json(found, reading, ending), encoding="utf-8")
        elif kind == "excel_table":
            _write_workbook(found, arriving, out, reading)
        elif kind == "parquet_table":
            _all_alike(beside(found, typed=True)).to_parquet(arriving, index=False)
        elif kind == "feather_table":
            _all_alike(beside(found, typed=True)).to_feather(arriving)
        else:
            content = as_text(found, ending)
            packed = out.suffix.lower() == PACKED
            arriving.write_bytes(gzip.compress(content) if packed else content)


def _as_given(found: Predictions) -> Reading:
    """Return how the first table that was given is written."""
    readings = [part.table.reading for part in found.parts if part.table and part.table.reading]
    return readings[0] if readings else Reading("csv_table", {})


def _all_alike(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table of which each column is of one type, as files of columns need it."""
    made = {}
    for name in frame.columns:
        if frame[name].dtype == object:
            kinds = {type(one) for one in frame[name].dropna()}
            texts = frame[name].map(str, na_action="ignore")
            made[name] = frame[name].infer_objects() if len(kinds) == 1 else texts
    return frame.assign(**made)


# JSON


def _as_json(found: Predictions, reading: Reading, ending: str) -> str:
    rows = _objects(found, reading) or _records(beside(found, typed=True))
    is_lines = ending in (".jsonl", ".ndjson") or (
        ending != ".json" and reading.settings.get("json_form") == "lines"
    )
    if is_lines:
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _objects(found: Predictions, reading: Reading) -> list[dict[str, Any]]:
    """Return the objects of a JSON file as they stand there, with their predictions; else none."""
    path = found.parts[0].asked.given.path
    form = reading.settings.get("json_form")
    if len(found.parts) > 1 or form not in ("lines", "rows") or not path.is_file():
        return []
    text = path.read_text(encoding="utf-8-sig")
    if form == "lines":
        rows = [json.loads(line) for line in text.split("\n") if line.strip()]
    else:
        rows = json.loads(text)
        rows = rows[reading.settings["json_key"]] if "json_key" in reading.settings else rows
    taken = {str(name) for row in rows for name in row}
    new = _records(added(found, taken))
    return [{**row, **answer} for row, answer in zip(rows, new, strict=True)]


def _records(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = frame.astype(object).to_dict("records")
    return [{str(n): tables.plain(value) for n, value in row.items()} for row in records]


# Workbooks


def _write_workbook(found: Predictions, arriving: Path, out: Path, reading: Reading) -> None:
    table = beside(found, typed=True)
    if len(table) >= workbook.MOST_ROWS:
        raise ApprentiError("out_rows", path=out, rows=len(table), most=workbook.MOST_ROWS - 1)
    lines: Iterator[Sequence[Any]] = (
        [_of_sheet(cell) for cell in row]
        for row in table.astype(object).itertuples(index=False, name=None)
    )
    sheet = str(reading.settings.get("sheet", "")) or out.stem
    workbook.write(arriving, sheet, [str(name) for name in table.columns], lines)


def _of_sheet(cell: Any) -> Any:
    import pandas as pd

    if pd.isna(cell):
        return None
    if isinstance(cell, pd.Timestamp):
        return cell.to_pydatetime()
    return cell.item() if hasattr(cell, "item") else cell
