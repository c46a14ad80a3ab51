"""Columns of the data by the names of the rows, whether the model sees these columns or not."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from apprenti.data.kinds import large_table
from apprenti.data.source import Source, open_source
from apprenti.errors import ApprentiError, nearest
from apprenti.runs import Run

if TYPE_CHECKING:
    import pandas as pd


def open_data(run: Run) -> Source:
    """Return the data of a run as its project has them now; nothing is written into the project.

    Raises ApprentiError where they are gone, or are no longer those of the run.
    """
    from apprenti import project as projects

    chosen = {name: value for name, value in run.choices.get("data", {}).items() if name != "split"}
    data = projects.check({"data": chosen}).data
    source = open_source(data, run.folder.parent.parent, accept=True, keep=False)
    for name, known in run.environment.get("hashes", {}).get("data", {}).items():
        if source.hashes.get(name) != known:
            raise ApprentiError("data_since_changed", run=run.name, name=name)
    return source


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
