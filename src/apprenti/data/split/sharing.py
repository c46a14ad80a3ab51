"""What came of a split: how many rows each part was to get, and got, and which rows got nowhere."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.split_by import moments
from apprenti.data.source import Table
from apprenti.data.split.parts import PARTS, By, by_of, counted, counts, of_sample
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

Moment = int | float | str
"""A number as it is, a date as it is written."""


class Sharing(NamedTuple):
    """Rows by part: train, valid, test."""

    by: By
    asked: Mapping[str, int]
    got: Mapping[str, int]
    nowhere: int
    """Rows that have an answer and no group, or no time, where the split goes by it."""
    spans: Mapping[str, tuple[Moment, Moment]]
    """The first and the last time of each part, where the split goes by time."""

    def as_json(self) -> dict[str, Any]:
        facts = {"asked": dict(self.asked), "got": dict(self.got), "nowhere": self.nowhere}
        return {"how": self.by.how, "column": self.by.column, **facts, "spans": dict(self.spans)}


def sharing(table: Table, parts: "Array", data: DataSettings) -> Sharing:
    """Return what came of sharing the rows of a table out; `parts` has the part of each."""
    answered = table.frame[table.columns.target].notna().to_numpy()
    by, spans, nowhere = by_of(table, data), {}, 0
    if by.column:
        units = table.frame[by.column]
        units = moments(units, by.written) if by.how == "time" else units
        nowhere = int(units[answered].isna().sum())
        spans = _spans(units, parts) if by.how == "time" else {}
    asked = counts(of_sample(data.split, table.share), int(answered.sum()), how=by.how)
    return Sharing(by, asked, counted(parts), nowhere, spans)


def _spans(times: "pd.Series[Any]", parts: "Array") -> dict[str, tuple[Moment, Moment]]:
    some = {name: times[parts == number] for name, number in PARTS.items()}
    return {
        name: (_written(of_part.min()), _written(of_part.max()))
        for name, of_part in some.items()
        if len(of_part)
    }


def _written(moment: Any) -> Moment:
    """Return a number as it is, a date without its hour where that is midnight."""
    if not hasattr(moment, "isoformat"):
        return int(moment) if float(moment).is_integer() else float(moment)
    return str(moment.isoformat(sep=" ")).removesuffix(" 00:00:00")
