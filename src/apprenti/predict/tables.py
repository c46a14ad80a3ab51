"""New rows in a table: the columns that must be there, and what the model cannot know in them.

They are read as the training read its own: what a column is and how it is written is never found
out anew. What does not fit is told with its row; where nothing fits, nothing is answered.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import moments, table
from apprenti.data.kinds.dialect import Asked, Dialect
from apprenti.data.kinds.files import Reading, is_table, kind_of
from apprenti.data.kinds.values import as_read, tidy, unread
from apprenti.data.kinds.written import DATE, NUMBER, TIME, Unread, Written
from apprenti.errors import ApprentiError, nearest
from apprenti.predict.notes import Note, Seen

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 40
"""Of a cell so many signs are shown."""

FAR = 1.0
"""A number is far from those of the training if it lies further outside than this times their
range."""


OPEN = ("encoding", "delimiter", "decimal")
"""What may be otherwise in new rows than in those of the training, in a file of text."""


def look(
    path: Path, kind: str, settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Seen:
    """Return how the new table is written, and what the model cannot know in it.

    `kind` names the block that read the rows of the training, with these `settings`.
    """
    reading = how_written(path, settings)
    frame = table.read(path, reading, tuple(settings.get("missing", ())))
    for name in _wanted(preparation, settings):
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    if settings.get("text"):
        unknown = [*_unknown_words(frame[settings["text"]], preparation["words"])]
    else:
        unknown = [*_unlike(path, frame, settings, preparation)]
    notes = [*as_notes(reading), *unknown]
    if is_read(path, reading, kind, settings):
        return Seen(open_settings(reading), notes)
    return Seen({}, notes, frame)


def _unlike(
    path: Path,
    frame: "pd.DataFrame",
    settings: Mapping[str, Any],
    preparation: Mapping[str, Any],
) -> Iterator[Note]:
    """Yield what of new rows is not as in the training."""
    values = {}
    for name, written in _written(settings).items():
        values[name] = as_read(frame[name], written)
        if written.kind == NUMBER:
            _refuse_beyond(path, name, values[name])
        if lost := unread(frame[name], values[name]):
            yield _lost(path, name, written, lost, frame[name])
    yield from _far(values, preparation["numbers"])
    yield from _unknown_categories(frame, preparation["categories"])


def _written(settings: Mapping[str, Any]) -> dict[str, Written]:
    """Return how the columns of numbers, dates and times were written when the model learned."""
    found = {name: Written(NUMBER, *how) for name, *how in settings["numbers"]}
    found |= {name: Written(TIME, format=how) for name, how in settings.get("times", ())}
    dates = ((name, moments.from_script(how)) for name, how in settings["dates"])
    return found | {name: Written(DATE, format=how) for name, how in dates}


def _lost(path: Path, name: str, written: Written, lost: Unread, column: "pd.Series[Any]") -> Note:
    """Return the note on cells that do not fit; raises an error where none of them does."""
    cells = [f"{row}: {cell[:LONGEST]}" for row, cell in lost.cells]
    values = {"name": name, "count": lost.rows, "cells": " · ".join(cells)}
    if lost.rows == column.notna().sum():
        shown = {NUMBER: "new_numbers", DATE: "new_dates", TIME: "new_dates"}[written.kind]
        example = f"1{written.thousands}234{written.decimal}5 {written.unit}".strip()
        how = written.format or example
        raise ApprentiError(shown, path=path, how=how, **values)
    return Note("unread", values)


def how_written(path: Path, settings: Mapping[str, Any]) -> Reading:
    """Return how new rows are written; they have a header if those of the training had one."""
    if not is_table(path):
        raise ApprentiError("source_unknown", path=path)
    kind = kind_of(path)
    if kind not in ("csv_table", "excel_table"):
        return table.how_written(path)
    named = settings.get("header", True)
    if not named:
        # Rows from a program have the names that were given to the columns
        first = table.how_written(path, Asked(header=True, whole=True))
        named = [*table.read(path, first).columns][:1] == ["column 1"]
    return table.how_written(path, Asked(header=named, whole=True))


def as_notes(reading: Reading) -> list[Note]:
    """Return what was skipped or mended in the file of new rows."""
    return [Note("as_read", {"told": remark.told()}) for remark in reading.remarks]


def is_read(path: Path, reading: Reading, kind: str, settings: Mapping[str, Any]) -> bool:
    """Say whether the script of a run reads a file of new rows as it is."""
    if reading.kind == "parquet_table":
        return path.suffix.lower() == ".parquet"
    if reading.kind != "csv_table" or kind in ("excel_table", "json_table"):
        return False
    # What is settled in the script: how the training's file was, without the lines of that file
    settled = {**Dialect._field_defaults, **(settings if kind == "csv_table" else {})}
    settled["skip_lines"] = ()
    found = {**Dialect._field_defaults, **reading.settings}
    return all(found[name] == settled[name] for name in Dialect._field_defaults)


def open_settings(reading: Reading) -> dict[str, Any]:
    """Return what the script of a run is told of a file that it reads."""
    return {name: value for name, value in reading.settings.items() if name in OPEN}


def _wanted(preparation: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """Return the columns that must be there; months and weekdays are made from the dates."""
    if settings.get("text"):
        return [str(settings["text"])]
    parts = settings.get("date_parts", ("month", "weekday"))
    made = {f"{name} {part}" for name, _ in settings["dates"] for part in parts}
    known = [*preparation["numbers"], *preparation["gaps"], *preparation["categories"]]
    return [name for name in dict.fromkeys(known) if name not in made]


def _far(values: Mapping[str, "pd.Series[Any]"], numbers: Mapping[str, Any]) -> Iterator[Note]:
    """Yield the columns with numbers far outside those of the training."""
    for name, column in values.items():
        if not isinstance(known := numbers.get(name), dict) or "range" not in known:
            continue
        if column.dtype.kind not in "iuf":
            continue
        low, high = known["range"]
        margin = FAR * (high - low)
        below_nothing = (column < 0) & (low >= 0)
        far = (column < low - margin) | (column > high + margin) | below_nothing
        if far.any():
            cells = [f"{row + 1}: {column[row]:g}" for row in column.index[far][:5]]
            found = {"name": name, "count": int(far.sum()), "cells": " · ".join(cells)}
            yield Note("far", {**found, "low": f"{low:g}", "high": f"{high:g}"})


def _unknown_categories(frame: "pd.DataFrame", categories: Mapping[str, Any]) -> Iterator[Note]:
    for name, known in categories.items():
        values = tidy(frame[name].dropna())
        unknown = values[~values.isin([*known["frequent"], *known["rare"]])]
        if len(unknown):
            examples = ", ".join(value[:LONGEST] for value in unknown.unique()[:3])
            found = {"name": name, "count": len(unknown), "examples": examples}
            yield Note("unknown_category", found)


def _unknown_words(column: "pd.Series[Any]", words: list[str]) -> Iterator[Note]:
    known = set(words)
    texts = column.fillna("").astype(str).str.lower()
    strange = texts[[not set(text.split()) & known for text in texts]]
    if len(strange):
        yield Note("unknown_words", {"count": len(strange), "rows": len(texts)})


def _refuse_beyond(path: Path, name: str, values: "pd.Series[Any]") -> None:
    """Refuse numbers with which no script can compute: infinite ones, and beyond 32 bits."""
    import numpy as np

    wrong = values[values.abs() > np.finfo(np.float32).max]
    if len(wrong):
        found = {"name": name, "count": len(wrong), "example": f"{wrong.iloc[0]:g}"}
        raise ApprentiError("new_rows_words", path=path, **found)
