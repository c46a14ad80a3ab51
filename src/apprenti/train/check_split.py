"""Is there enough to learn from in each part? Refused before a run, or told with the counts."""

from typing import TYPE_CHECKING

from apprenti.data import findings
from apprenti.data.findings import Evidence
from apprenti.data.source import Source, Table
from apprenti.data.split.parts import TEST, TRAIN, VALID
from apprenti.data.split.sharing import sharing
from apprenti.data.split.written import Shares
from apprenti.errors import ApprentiError
from apprenti.findings import Finding, found, mute
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np


def check_split(source: Source, shares: Shares, data: DataSettings) -> tuple[Finding, ...]:
    """Refuse parts from which nothing can be learned; return what is to be told of the others.

    `data.split` has the number of rows that was asked of each part.
    """
    train, valid, test = (int((shares.parts == part).sum()) for part in (TRAIN, VALID, TEST))
    if not train or not valid or (data.split.test and not test):
        rows = source.rows
        raise ApprentiError("split_impossible", rows=rows, left=train, valid=valid, test=test)
    table = source.table
    if table is None:
        return ()
    # Of a large table a sample is kept, whose index names its rows
    parts = shares.parts[table.frame.index.to_numpy()] if table.share < 1 else shares.parts
    if table.classes:
        _refuse_one_class(table, parts)
    shared, answers = sharing(table, parts, data), table.frame[[table.columns.target]]
    evidence = Evidence(answers, table.columns, table.task, parts, sharing=shared)
    told = mute(findings.look(evidence, findings.BEFORE_TRAINING), data.muted)
    return tuple(found(told))


def _refuse_one_class(table: Table, parts: "np.ndarray[tuple[int], np.dtype[np.uint8]]") -> None:
    counts = table.frame[table.columns.target][parts == TRAIN].value_counts()
    if len(counts) < 2:
        values = {"name": counts.index[0], "rows": int(counts.iloc[0])}
        raise ApprentiError("one_class_taught", target=table.columns.target, **values)
