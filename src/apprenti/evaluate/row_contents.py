"""Which validation rows of a run are in its training set too: by what stands in them."""

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from apprenti.data.split.written import FILE, PART_NAMES
from apprenti.errors import ApprentiError
from apprenti.evaluate.run_data import open_data
from apprenti.runs import Run

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from apprenti.data.source import Source

    Array = np.ndarray[Any, Any]

TRAIN = PART_NAMES[0]


def copies(run: Run, names: "Sequence[str]") -> "Array | None":
    """Say of each of these rows whether a training row has the same inputs.

    None where the data, or how they were split, are no longer there. No test row is looked at.
    """
    if not (run.folder / FILE).is_file():
        return None
    try:
        found = _contents(open_data(run))
    except ApprentiError:
        return None
    known = _training_rows(run)
    if found is None or not known.isin(found.index).all():
        return None
    asked = found.reindex(list(names))
    return asked.isin(set(found.loc[known])).to_numpy() if asked.notna().all() else None


def _training_rows(run: Run) -> "pd.Series[str]":
    import pandas as pd

    table = pd.read_parquet(run.folder / FILE)
    return table["row"][table["part"] == TRAIN].astype(str)


def _contents(source: "Source") -> "pd.Series[Any] | None":
    """Return a hash of the inputs of each row, by its name; None of a table that is a sample."""
    import pandas as pd

    from apprenti.data.findings.evidence import hashes
    from apprenti.data.kinds.rows import read_inputs, read_labels

    table = source.table
    if table and not table.columns.image:
        if table.share < 1:
            return None
        rows = hashes(table.frame, list(table.columns.inputs))
        return pd.Series(rows, table.frame.index.astype(str))
    if table:
        names = table.frame[str(table.columns.image)][table.frame[table.columns.target].notna()]
        return pd.Series(source.contents, names.astype(str).to_numpy())
    files, _ = read_labels(source)
    if files is not None:
        return pd.Series(source.contents[: len(files)], files.astype(str))
    every = [blake2b(row.tobytes(), digest_size=16).digest() for row in read_inputs(source)]
    return pd.Series(every, map(str, range(len(every))))
