"""Which row goes to which part, for every kind of source: written beside a run as a table."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import large_table, rows
from apprenti.data.source import Source, Table
from apprenti.data.split.parts import TRAIN, UNUSED, VALID, by_of, parts_by, parts_of, parts_of_rows
from apprenti.project import DataSettings
from apprenti.tasks import CLASSIFICATION

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

FILE = "split.parquet"
"""In a run folder: one row for each of the data, with what it is called and its part."""

PART_NAMES = ("train", "valid", "test", "unused")
"""By their numbers in data/split/parts.py. Unused: without an answer, group or time, or beyond
those asked for."""


class Shares(NamedTuple):
    rows: "Array"
    """What each row is called: its place in the file, or the name of its image."""
    parts: "Array"
    """The number of its part, one byte."""
    untaught: bool = False
    """Whether a class of the validation set is in no row of the training set."""


def share_out(source: Source, data: DataSettings) -> Shares:
    """Return the part of each row, as the script of a run will find it by itself."""
    import numpy as np

    if source.table is None:
        names, labels = rows.read_labels(source)
        parts = parts_of_rows(source, names, labels, data.split)
        called = np.arange(len(labels)) if names is None else names
        return Shares(called, parts, _is_untaught(source, labels, parts))
    if source.table.share < 1:
        return _of_large_table(source, source.table, data)
    parts = parts_of(source.table, data.split, data)
    frame, columns = source.table.frame, source.table.columns
    untaught = _is_untaught(source, frame[columns.target].to_numpy(), parts)
    names = frame[str(columns.image)].to_numpy(object) if source.contents else None
    return Shares(frame.index.to_numpy() if names is None else names, parts, untaught)


def _of_large_table(source: Source, table: Table, data: DataSettings) -> Shares:
    """Share out all the rows of a table of which the source keeps a sample."""
    import numpy as np

    target = str(source.settings["target"])
    looked_at = str(source.settings["split_by"])
    columns = large_table.columns(source.path, (target, looked_at))
    answered = columns[target].notna().to_numpy()
    parts = np.full(len(answered), UNUSED, np.uint8)
    by = by_of(table, data)
    parts[answered] = parts_by(columns[looked_at][answered].to_numpy(), data.split, by)
    untaught = _is_untaught(source, columns[target].to_numpy(), parts)
    return Shares(np.arange(len(parts)), parts, untaught)


def _is_untaught(source: Source, labels: "Array", parts: "Array") -> bool:
    """Say whether a class of the validation set is in no row of the training set."""
    import pandas as pd

    if source.task != CLASSIFICATION:
        return False
    taught, checked = (pd.unique(labels[parts == part]) for part in (TRAIN, VALID))
    return not {*checked} <= {*taught}


def names_of(path: Path, part: str) -> list[str]:
    """Return what the rows of a part are called, out of the file that a run has of its split."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        table = file.read(["row", "part"]).to_pydict()
    return [str(name) for name, its in zip(table["row"], table["part"], strict=True) if its == part]


def write(shares: Shares, path: Path) -> None:
    """Write a Parquet file with the columns row and part."""
    import pyarrow as pa
    import pyarrow.parquet

    parts = pa.DictionaryArray.from_arrays(pa.array(shares.parts.astype("int8")), PART_NAMES)
    names = pa.array(shares.rows.tolist() if shares.rows.dtype.kind in "OU" else shares.rows)
    table = pa.table({"row": names, "part": parts})
    numbered = pa.types.is_integer(names.type)
    # Numbers that grow by one take next to no room as differences
    how = {"row": "DELTA_BINARY_PACKED"} if numbered else None
    pyarrow.parquet.write_table(
        table, path, use_dictionary=["part"], column_encoding=how, compression="zstd"
    )
