"""New rows in a table: the columns that must be there, and what the model cannot know in them.

They are read as the training read its own: what a column is and how it is written is never found
out anew. What does not fit is told with its row; where nothing fits, nothing is answered.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import as_written, encodings, moments, table
from apprenti.data.kinds.dialect import Asked, Dialect
from apprenti.data.kinds.encodings import Encoding
from apprenti.data.kinds.files import Reading, is_table, kind_of
from apprenti.data.kinds.values import as_read, tidy, unread
from apprenti.data.kinds.written import DATE, MISSING, NUMBER, TIME, Unread, Written
from apprenti.errors import ApprentiError, nearest
from apprenti.predict.notes import LONGEST, Cell, Note, Seen

if TYPE_CHECKING:
    import pandas as pd

FAR = 0.5
"""A number is far from those of the training if it lies further outside than this times their
range."""

SEVERAL = 3
"""Fewer numbers may well all be larger than those of the training."""

OPEN = ("encoding", "delimiter", "decimal")
"""What may be otherwise in new rows than in those of the training, in a file of text."""

SAMPLE = 200
"""So many lines are looked at to tell which cells stand between quotation marks."""

NO_ROWS = ("header_only", "empty_file")
"""The errors of a table without rows: of one to learn from."""


class Table(NamedTuple):
    """New rows as they are written, numbered from 0."""

    path: Path
    frame: "pd.DataFrame"
    reading: Reading | None = None
    """How its file is written; None where the rows came from no file."""
    lines: Sequence[str] = ()
    """The first ones of a text file, with their ends: they show how it is quoted."""

    @property
    def is_text(self) -> bool:
        """Whether its cells were written as text, so that a word may say that there is nothing."""
        return self.reading is not None and self.reading.kind == "csv_table"


def open_table(path: Path, settings: Mapping[str, Any]) -> Table:
    """Read the new rows of a file; those of a text have their cells as they are written."""
    try:
        reading = how_written(path, settings)
        frame = table.read(path, reading)
    except ApprentiError as error:
        if error.key not in NO_ROWS:
            raise
        raise ApprentiError("nothing_to_predict", path=path) from None
    return Table(path, frame.reset_index(drop=True), reading, _first_lines(path, reading))


def _first_lines(path: Path, reading: Reading) -> list[str]:
    if reading.kind != "csv_table":
        return []
    strays = int(bool(reading.settings.get("mixed_encoding")))
    encoding = Encoding(str(reading.settings["encoding"]), stray_count=strays)
    return [*itertools.islice(encodings.text_lines(path, encoding), SAMPLE)]


def look(new: Table, settings: Mapping[str, Any], preparation: Mapping[str, Any]) -> Seen:
    """Return the rows as the script of a run is given them, and what the model cannot know.

    `settings` are those with which it reads new rows, `preparation` what model.json says of it.
    """
    path, frame = new.path, as_written.with_gaps(new.frame, settings, new.is_text)
    wanted = wanted_columns(preparation, settings)
    for name in wanted:
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    blank = _blank(frame[wanted])
    if len(blank) == len(frame):
        raise ApprentiError("nothing_to_predict", path=path)
    notes = [] if new.reading is None else as_notes(new.reading)
    if blank:
        cells = _cells(new.frame[wanted[0]], blank)
        notes.append(Note("blank", {"columns": wanted, "count": len(blank)}, cells))
    filled = frame.drop(index=[*blank])
    if settings.get("text"):
        notes += _unknown_words(filled[settings["text"]], preparation["words"])
    else:
        notes += _unlike(path, filled, settings, preparation)
        for name, known in preparation.get("texts", {}).items():
            notes += _unknown_words(filled[name], known["words"], beside=True)
    read = [name for name in frame.columns if name in {*wanted, *as_written.named(settings)}]
    return Seen({}, notes, frame[read])


def _blank(frame: "pd.DataFrame") -> tuple[int, ...]:
    """Return the places of the rows in which nothing stands."""
    import numpy as np

    empty = frame.isna()
    for name in frame.columns[frame.dtypes.map(lambda kind: kind.kind) == "O"]:
        empty[name] |= frame[name].astype(str).str.strip() == ""
    return tuple(np.flatnonzero(empty.all(axis=1)).tolist())


def _cells(column: "pd.Series[Any]", places: Any) -> tuple[Cell, ...]:
    """Return what stands in a column at these places."""
    return tuple(Cell(int(place) + 1, plain(column[place])) for place in places)


def plain(value: Any) -> Any:
    """Return a cell as JSON knows it: None for a gap, a date as it is written."""
    import pandas as pd

    if pd.isna(value):
        return None
    item = value.item() if hasattr(value, "item") else value
    return item if isinstance(item, str | bool | int | float) else str(value)


def _unlike(
    path: Path,
    frame: "pd.DataFrame",
    settings: Mapping[str, Any],
    preparation: Mapping[str, Any],
) -> Iterator[Note]:
    """Yield what of new rows is not as in the training."""
    values = {}
    for name, written in written_as(settings).items():
        values[name] = as_read(frame[name], written)
        if written.kind == NUMBER:
            _refuse_beyond(path, name, values[name])
        if lost := unread(frame[name], values[name]):
            yield _lost(path, name, written, lost, frame[name], values[name])
    yield from _far(frame, values, preparation["numbers"])
    yield from _unknown_categories(frame, preparation["categories"])


def written_as(settings: Mapping[str, Any]) -> dict[str, Written]:
    """Return how the columns of numbers, dates and times were written when the model learned."""
    found = {name: Written(NUMBER, *how) for name, *how in settings.get("numbers", ())}
    found |= {name: Written(TIME, format=how) for name, how in settings.get("times", ())}
    dates = ((name, moments.from_script(how)) for name, how in settings.get("dates", ()))
    return found | {name: Written(DATE, format=how) for name, how in dates}


def _lost(
    path: Path,
    name: str,
    written: Written,
    lost: Unread,
    column: "pd.Series[Any]",
    values: "pd.Series[Any]",
) -> Note:
    """Return the note on cells that do not fit; raises an error where none of them does."""
    if lost.rows == column.notna().sum():
        cells = " · ".join(f"{row}: {cell[:LONGEST]}" for row, cell in lost.cells)
        shown = {NUMBER: "new_numbers", DATE: "new_dates", TIME: "new_dates"}[written.kind]
        example = f"1{written.thousands}234{written.decimal}5 {written.unit}".strip()
        how = written.format or example
        found = {"name": name, "count": lost.rows, "cells": cells, "how": how}
        raise ApprentiError(shown, path=path, **found)
    unlike = column[column.notna() & values.isna()].astype(str)
    unlike = unlike[~unlike.str.strip().isin({*MISSING, ""})]
    key = "unread" if written.kind == NUMBER else "unread_date"
    return Note(key, {"name": name, "count": lost.rows}, _cells(column, unlike.index))


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


def wanted_columns(preparation: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """Return the columns that must be there; months and weekdays are made from the dates."""
    if settings.get("text"):
        return [str(settings["text"])]
    parts = settings.get("date_parts", ("month", "weekday"))
    made = {f"{name} {part}" for name, _ in settings["dates"] for part in parts}
    kinds = ("numbers", "gaps", "categories", "texts")
    known = dict.fromkeys(name for kind in kinds for name in preparation.get(kind, ()))
    return [name for name in known if name not in made]


def _far(
    frame: "pd.DataFrame", values: Mapping[str, "pd.Series[Any]"], numbers: Mapping[str, Any]
) -> Iterator[Note]:
    """Yield the columns with numbers, or dates, far outside those of the training.

    And those of which no number at all is within: most often they are in another unit.
    """
    for name, column in values.items():
        is_date = column.dtype.kind == "M"
        if name not in numbers or not (is_date or column.dtype.kind in "iuf"):
            continue
        # Runs of before know no range
        low, high = numbers[name].get("range", (-math.inf, math.inf))
        if not math.isfinite(high - low):
            continue
        shown = [_day(low), _day(high)] if is_date else [low, high]
        compared = as_written.days(column) if is_date else column
        margin = FAR * (high - low)
        far = (compared < low - margin) | (compared > high + margin)
        if not is_date:
            far |= (column < 0) & (low >= 0)
        found = {"name": name, "count": int(far.sum()), "low": shown[0], "high": shown[1]}
        cells = frame[name] if is_date else column
        if far.any():
            yield Note("far_dates" if is_date else "far", found, _cells(cells, column.index[far]))
        elif not is_date and _is_elsewhere(compared, low, high):
            there = column.index[column.notna()]
            values_there = {**found, "count": len(there)}
            yield Note("elsewhere", values_there, _cells(cells, there), doubtful=False)


def _is_elsewhere(column: "pd.Series[Any]", low: float, high: float) -> bool:
    """Say whether none of several numbers lies between those of the training."""
    there = column.dropna()
    return len(there) >= SEVERAL and not bool(there.between(low, high).any())


def _day(days: float) -> str:
    """Return a number of days since 1970 as a date."""
    return (date(1970, 1, 1) + timedelta(days=days)).isoformat()


def _unknown_categories(frame: "pd.DataFrame", categories: Mapping[str, Any]) -> Iterator[Note]:
    for name, known in categories.items():
        values = tidy(frame[name].dropna())
        unknown = values[~values.isin([*known["frequent"], *known["rare"]])]
        if len(unknown):
            # Of names and codes nearly all are rare: the model has learned to do without them
            usual = len(known["rare"]) > len(known["frequent"])
            key = "rare_category" if usual else "unknown_category"
            found = {"name": name, "count": len(unknown)}
            yield Note(key, found, _cells(unknown, unknown.index), doubtful=not usual)


def _unknown_words(
    column: "pd.Series[Any]", words: list[str], beside: bool = False
) -> Iterator[Note]:
    known = set(words)
    texts = column.fillna("").astype(str).str.lower()
    strange = texts[[not set(text.split()) & known for text in texts]]
    if len(strange):
        found = {"name": str(column.name), "count": len(strange), "rows": len(texts)}
        key = "unknown_words_beside" if beside else "unknown_words"
        yield Note(key, found, _cells(column, strange.index), doubtful=not beside)


def _refuse_beyond(path: Path, name: str, values: "pd.Series[Any]") -> None:
    """Refuse numbers with which no script can compute: infinite ones, and beyond 32 bits."""
    import numpy as np

    wrong = values[values.abs() > np.finfo(np.float32).max]
    if len(wrong):
        found = {"name": name, "count": len(wrong), "example": f"{wrong.iloc[0]:g}"}
        raise ApprentiError("new_rows_words", path=path, **found)
