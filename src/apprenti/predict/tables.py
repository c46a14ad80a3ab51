"""New rows in a table: the columns that must be there, and what the model cannot know in them."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.formats import is_table
from apprenti.data.kinds import table
from apprenti.errors import ApprentiError, nearest
from apprenti.predict.notes import Note, Seen

if TYPE_CHECKING:
    import pandas as pd


def look(path: Path, settings: Mapping[str, Any], preparation: Mapping[str, Any]) -> Seen:
    """Return how the new table is written, and what the model cannot know in it."""
    if not is_table(path):
        raise ApprentiError("source_unknown", path=path)
    _, written = table.how_written(path)
    frame = table.read(path, written)
    for name in _wanted(preparation, settings):
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    _check_numbers(path, frame, settings, preparation)
    if settings.get("text"):
        notes = _unknown_words(frame[settings["text"]], preparation["words"])
    else:
        notes = _unknown_categories(frame, preparation["categories"])
    return Seen(written, list(notes))


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


def _check_numbers(
    path: Path, frame: "pd.DataFrame", settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> None:
    """Refuse words, and infinite numbers, where the script computes with what stands there."""
    import numpy as np
    import pandas as pd

    # Of mixed columns and of dates it makes gaps of what is none
    converted = {*settings.get("numbers", ()), *(name for name, _ in settings.get("dates", ()))}
    for name in preparation.get("numbers", {}):
        if name not in frame.columns or name in converted:
            continue
        filled = frame[name].dropna()
        values = pd.to_numeric(filled, errors="coerce").to_numpy(float, na_value=np.nan)
        wrong = filled[~(np.abs(values) <= np.finfo(np.float32).max)]
        if len(wrong):
            values = {"name": name, "count": len(wrong), "example": wrong.iloc[0]}
            raise ApprentiError("new_rows_words", path=path, **values)
