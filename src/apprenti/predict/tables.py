"""New rows in a table: the columns that must be there, and what the model cannot know in them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import table
from apprenti.data.kinds.dialect import Asked, Dialect
from apprenti.data.kinds.files import Written, is_table, kind_of
from apprenti.errors import ApprentiError, nearest
from apprenti.predict.notes import Note, Seen

if TYPE_CHECKING:
    import pandas as pd


OPEN = ("encoding", "delimiter", "decimal")
"""What may be otherwise in new rows than in those of the training, in a file of text."""


def look(
    path: Path, reading: str, settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Seen:
    """Return how the new table is written, and what the model cannot know in it.

    `reading` names the block that read the rows of the training, with these `settings`.
    """
    written = how_written(path, settings)
    frame = table.read(path, written)
    for name in _wanted(preparation, settings):
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    if settings.get("text"):
        unknown = _unknown_words(frame[settings["text"]], preparation["words"])
    else:
        unknown = _unknown_categories(frame, preparation["categories"])
    notes = [*as_notes(written), *unknown]
    if is_read(path, written, reading, settings):
        return Seen(open_settings(written), notes)
    return Seen({}, notes, frame)


def how_written(path: Path, settings: Mapping[str, Any]) -> Written:
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


def as_notes(written: Written) -> list[Note]:
    """Return what was skipped or mended in the file of new rows."""
    return [Note("as_read", {"told": remark.told()}) for remark in written.remarks]


def is_read(path: Path, written: Written, reading: str, settings: Mapping[str, Any]) -> bool:
    """Say whether the script of a run reads a file of new rows as it is."""
    if written.kind == "parquet_table":
        return path.suffix.lower() == ".parquet"
    if written.kind != "csv_table" or reading in ("excel_table", "json_table"):
        return False
    # What is settled in the script: how the training's file was, without the lines of that file
    settled = {**Dialect._field_defaults, **(settings if reading == "csv_table" else {})}
    settled["skip_lines"] = ()
    found = {**Dialect._field_defaults, **written.settings}
    return all(found[name] == settled[name] for name in Dialect._field_defaults)


def open_settings(written: Written) -> dict[str, Any]:
    """Return what the script of a run is told of a file that it reads."""
    return {name: value for name, value in written.settings.items() if name in OPEN}


def _wanted(preparation: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """Return the columns that must be there; months and weekdays are made from the dates."""
    if settings.get("text"):
        return [str(settings["text"])]
    made = {f"{name} {part}" for name, _ in settings["dates"] for part in ("month", "weekday")}
    known = [*preparation["numbers"], *preparation["gaps"], *preparation["categories"]]
    return [name for name in dict.fromkeys(known) if name not in made]


def _unknown_categories(frame: "pd.DataFrame", categories: Mapping[str, Any]) -> Iterator[Note]:
    for name, known in categories.items():
        values = frame[name].dropna().astype(str)
        unknown = values[~values.isin([*known["frequent"], *known["rare"]])]
        if len(unknown):
            examples = ", ".join(unknown.unique()[:3])
            found = {"name": name, "count": len(unknown), "examples": examples}
            yield Note("unknown_category", found)


def _unknown_words(column: "pd.Series[Any]", words: list[str]) -> Iterator[Note]:
    known = set(words)
    texts = column.fillna("").astype(str).str.lower()
    strange = texts[[not set(text.split()) & known for text in texts]]
    if len(strange):
        yield Note("unknown_words", {"count": len(strange), "rows": len(texts)})
