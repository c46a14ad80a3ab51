"""Groups or times by which the rows are split: are they there, and how are the times written?"""

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.columns import Columns, Roles
from apprenti.data.kinds.moments import for_script
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.data.kinds.written import DATE, NUMBER, TIME, Written
from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = "number"
"""How times are written that are numbers: as the script has it in `time_format`."""

FEWEST = 0.5
"""So large a share of the rows must have a group, or a time: rows without one are in no part."""


def split_settings(frame: "pd.DataFrame", roles: Roles, columns: Columns) -> dict[str, object]:
    """Return what a script must know of the groups or times, and refuse what shares nothing out."""
    if roles.group and roles.time:
        raise ApprentiError("group_and_time", group=roles.group, time=roles.time)
    if roles.group:
        missing = int(frame[roles.group].isna().sum())
        if missing > (1 - FEWEST) * len(frame):
            raise ApprentiError("group_gaps", name=roles.group, count=missing, rows=len(frame))
    if roles.time:
        written = time_format(frame[roles.time], columns.written[roles.time])
        missing = int(moments(frame[roles.time], written).isna().sum())
        if missing > (1 - FEWEST) * len(frame):
            raise ApprentiError("time_gaps", name=roles.time, count=missing, rows=len(frame))
        return {"time_format": written}
    return {}


def of_script(written: str) -> dict[str, object]:
    """Return the settings by which a script reads times that are written so."""
    from apprenti.backends.common.settings import Config

    needs = Config().date_needs
    return {"time_format": written, "month_names": "#%m" in written, "date_needs": needs}


def moments(column: "pd.Series[Any]", written: str) -> "pd.Series[Any]":
    """Return a column of times as dates or numbers: read by the block that scripts read it with."""
    block = import_module("apprenti.backends.common.moments")
    found: pd.Series[Any] = block.moments(column, SimpleNamespace(**of_script(written)))
    return found


def time_format(column: "pd.Series[Any]", how: Written) -> str:
    """Return how times are written; raises ApprentiError for what has no order in time."""
    if how.kind in (NUMBER, TIME):
        return NUMBERS
    if how.format in SINCE_1970:
        return NUMBERS
    if how.kind == DATE:
        return for_script(how.format)
    examples = ", ".join(map(str, column.dropna().drop_duplicates().iloc[:3]))
    raise ApprentiError("time_unreadable", name=column.name, examples=examples)
