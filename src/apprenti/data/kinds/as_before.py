"""How version 0.1.0 read a column: a project of that version is told what is read otherwise now."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.values import MOSTLY
from apprenti.data.kinds.written import CATEGORY, DATE, NUMBER

if TYPE_CHECKING:
    import pandas as pd

DATE_FORMATS = (
    "ISO8601",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%m/%d/%Y %H:%M",
)


def differing(frame: "pd.DataFrame", columns: Columns, decimal: str) -> Iterator[tuple[str, str]]:
    """Yield the inputs and the target that are something else now, and what they were.

    `frame` is the table as pandas reads it, knowing no more than the separator and the encoding.
    """
    for name in (*columns.inputs, columns.target):
        if name in (columns.text, columns.image):
            continue
        before = _kind(frame[name], decimal)
        if before != columns.written[name].kind:
            yield name, before


def _kind(column: "pd.Series[Any]", decimal: str) -> str:
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        return CATEGORY
    if pd.api.types.is_numeric_dtype(column):
        return NUMBER
    if pd.api.types.is_datetime64_any_dtype(column):
        return DATE
    texts = column.dropna().astype(str)
    if not len(texts):
        return CATEGORY
    numbers = pd.to_numeric(texts.str.replace(decimal, ".", regex=False), errors="coerce")
    if numbers.notna().mean() >= MOSTLY:
        return NUMBER
    for written in DATE_FORMATS:
        dates = pd.to_datetime(texts, format=written, errors="coerce", utc=True)
        if dates.notna().mean() >= MOSTLY:
            return DATE
    return CATEGORY
