"""Columns of the data by the names of the rows, whether the model sees these columns or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apprenti.data.kinds import large_table
from apprenti.errors import ApprentiError, nearest
from apprenti.evaluate.run_data import open_data
from apprenti.runs import Run

if TYPE_CHECKING:
    import pandas as pd


def read(run: Run, columns: Sequence[str]) -> "pd.DataFrame":
    """Return what stands in these columns, as the file is read, with a row a name of a row.

    Raises ApprentiError where the data have no columns, or none of such a name.
    """
    source = open_data(run)
    table = source.table
    if table is None:
        raise ApprentiError("fairness_no_columns", run=run.name)
    for name in columns:
        if name not in table.frame.columns:
            near = nearest(name, map(str, table.frame.columns))
            raise ApprentiError("fairness_no_column", name=name, nearest=near)
    frame, image = table.frame, table.columns.image
    if table.share < 1:
        frame = large_table.columns(source.path, tuple(columns))
    names = frame[image].astype(str) if image else frame.index.astype(str)
    chosen = frame[[*columns]].set_axis(names, axis=0)
    return chosen[~chosen.index.duplicated()]
