"""A table too large to be read whole: what can be known of it while it passes by in pieces."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import memory, parquet
from apprenti.outside import reading

if TYPE_CHECKING:
    import pandas as pd

SAMPLE_ROWS, SAMPLE_SEED = 200_000, 0
"""About so many rows, drawn at random, stand for the table where it is described."""

FEW_ANSWERS = 20
"""The first row of each of so many answers is kept, however rare they are."""

PIECE = 50_000


class Seen(NamedTuple):
    """What was seen of a table of which only a sample is kept."""

    sample: "pd.DataFrame"
    rows: int
    answered: int
    """Rows that have an answer."""
    answers: frozenset[Any]
    """The different ones; of more than `most` no more than these are kept."""
    infinite: dict[str, int]
    """Columns in which infinite numbers stand, and how many."""


class Answers:
    """The answers that pass by: how many there are, and the different ones, `most` and one at most.

    The others are counted alone.
    """

    def __init__(self, most: int) -> None:
        self.most, self.rows = most, 0
        self.different: set[Any] = set()

    def add(self, answers: "pd.Series[Any]") -> "pd.Index[Any]":
        """Count some; return the first rows of answers not seen before, while these are few."""
        filled = answers.dropna()
        first = filled.iloc[:0]
        if len(self.different) <= FEW_ANSWERS:
            first = filled.drop_duplicates()
            first = first[~first.isin(self.different)].iloc[:FEW_ANSWERS]
        if len(self.different) <= self.most:
            self.different.update(filled.unique().tolist())
        self.rows += len(filled)
        return first.index


def is_large(path: Path, asked_for: bool | None) -> bool:
    """Say whether a Parquet file is to be read in pieces; `asked_for` overrides its size."""
    if asked_for is not None:
        return asked_for
    parquet.check(path)
    with _opened(path) as file:
        cells = file.metadata.num_rows * file.metadata.num_columns
    return bool(memory.CELL * cells > memory.limit())


def columns(path: Path, names: tuple[str, ...]) -> "pd.DataFrame":
    """Read some columns of a large Parquet file whole."""
    import pandas as pd

    with _opened(path) as file:
        batches = file.iter_batches(PIECE, columns=list(dict.fromkeys(names)))
        read = [batch.to_pandas(ignore_metadata=True) for batch in batches]
    return pd.concat(read, ignore_index=True)


def rows(path: Path, places: Sequence[int]) -> "pd.DataFrame":
    """Read some rows of a large Parquet file, by their places in it, which grow."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa

    wanted, done = np.array(places), 0
    found: list[pd.DataFrame] = []
    with _opened(path) as file:
        for batch in file.iter_batches(PIECE):
            inside = wanted[(wanted >= done) & (wanted < done + len(batch))] - done
            if len(inside):
                found.append(batch.take(pa.array(inside)).to_pandas(ignore_metadata=True))
            done += len(batch)
    return pd.concat(found).set_axis(wanted, axis=0)


def look_through(path: Path, target: str | None, most: int) -> Seen:
    """Read a Parquet file once, keep rows drawn at random, and count what must be known of all.

    `target` may be a column that is not there: whoever calls looks. Of the different answers no
    more than `most` and one are kept. Raises ApprentiError for a damaged file.
    """
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(SAMPLE_SEED)
    kept: list[pd.DataFrame] = []
    answers, infinite, done = Answers(most), Counter[str](), 0
    with reading(path, "damaged_parquet"), _opened(path) as file:
        share = SAMPLE_ROWS / max(1, file.metadata.num_rows)
        for batch in file.iter_batches(PIECE):
            piece: pd.DataFrame = batch.to_pandas(ignore_metadata=True)
            piece.index = range(done, done + len(piece))
            drawn = random.random(len(piece)) < share
            if target in piece:
                drawn |= piece.index.isin(answers.add(piece[target]))
            kept.append(piece[drawn])
            infinite.update(_count_infinite(piece))
            done += len(piece)
    if not kept:
        kept.append(parquet.read(path))
    different = frozenset(answers.different)
    return Seen(pd.concat(kept), done, answers.rows, different, dict(infinite))


def _opened(path: Path) -> Any:
    import pyarrow.parquet

    with reading(path, "damaged_parquet"):
        # Without these two settings a good part of the file would be in the memory all the same
        return pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=65536)


def _count_infinite(piece: "pd.DataFrame") -> dict[str, int]:
    import numpy as np

    found = {}
    for name in piece.select_dtypes("floating"):
        values = piece[name].to_numpy(float, na_value=np.nan)
        if count := int(np.isinf(values).sum()):
            found[str(name)] = count
    return found
