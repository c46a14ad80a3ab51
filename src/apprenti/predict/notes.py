"""What is found out of new rows before they are predicted."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.language import say

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 5
"""So many cells are shown of a note; all of them are in the JSON object."""

LONGEST = 40
"""Of a cell so many signs are shown."""


class Cell(NamedTuple):
    """What stands in a column, in the row of this number: the first one is row 1."""

    row: int
    value: Any

    def told(self) -> str:
        if isinstance(self.value, float):
            return say("predict.cell_number", row=self.row, value=self.value)
        whole = "" if self.value is None else str(self.value).strip()
        value = whole if len(whole) <= LONGEST else whole[: LONGEST - 1].rstrip() + "…"
        return say("predict.cell", row=self.row, value=value) if value else str(self.row)


class Note(NamedTuple):
    """Something in the new rows that the model cannot know; told, never passed over."""

    key: str
    values: dict[str, Any]
    cells: tuple[Cell, ...] = ()
    """Where in the column `name` it is."""
    file: str = ""
    """In which of several files."""
    doubtful: bool = True
    """Whether what the model says of these rows is not to be relied on."""

    def told(self) -> str:
        cells = " · ".join(cell.told() for cell in self.cells[:SHOWN])
        more = " …" if len(self.cells) > SHOWN else ""
        words = say(f"predict.{self.key}", **self.values, cells=cells + more)
        return say("predict.in_file", file=self.file, words=words) if self.file else words

    def as_json(self) -> dict[str, Any]:
        where = {"file": self.file} if self.file else {}
        cells = {"cells": [cell._asdict() for cell in self.cells]} if self.cells else {}
        values = {n: str(one) if isinstance(one, Path) else one for n, one in self.values.items()}
        return {"code": self.key, **where, **values, **cells}


class Seen(NamedTuple):
    """How new rows are read where that differs from the training, and what is worth knowing."""

    settings: dict[str, Any]
    notes: Sequence[Note] = ()
    frame: "pd.DataFrame | None" = None
    """The rows themselves, where the script of the run is given them in a file of its own."""
