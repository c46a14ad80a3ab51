"""A table too large to be read whole: what can be known of it while it passes by in pieces."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    import pandas as pd

LARGE = 1e9
"""Bytes: what takes more in the memory is read in pieces, on every machine alike, so that one
project file makes one script. A machine of little memory begins at a third of what it has."""

SAMPLE_ROWS, SAMPLE_SEED = 200_000, 0
"""About so many rows, drawn at random, stand for the table where it is described."""

FEW_ANSWERS = 20
"""The first row of each of so many answers is kept, however rare they are."""

PIECE = 50_000

CELL = 8
"""Bytes that a number takes in a table in memory."""

COPIES = 3
"""A table in memory, its part to learn from, and that part prepared."""


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


def memory() -> int:
    """Return the bytes of memory of this machine."""
    import psutil

    return int(psutil.virtual_memory().total)


def limit() -> float:
    """Return the bytes above which data are read in pieces."""
    return min(LARGE, memory() / 3)


def is_large(path: Path, asked_for: bool | None) -> bool:
    """Say whether a Parquet file is to be read in pieces; `asked_for` overrides its size."""
    if asked_for is not None:
        return asked_for
    with _opened(path) as file:
        return bool(CELL * file.metadata.num_rows * file.metadata.num_columns > limit())


def check_memory(rows: int, columns: int, model: str) -> None:
    """Refuse a model that needs the whole table at once where the memory would not hold it."""
    needed = COPIES * CELL * rows * columns
    if needed > memory():
        sizes = {"needed": needed / 1e9, "memory": memory() / 1e9}
        raise ApprentiError("table_memory", rows=rows, columns=columns, model=model, **sizes)


def check_text(path: Path) -> None:
    """Refuse a text table that the memory would not hold: it cannot be read in pieces."""
    size = path.stat().st_size
    if COPIES * size > memory():
        raise ApprentiError("table_large", path=path, size=size / 1e9, memory=memory() / 1e9)


def columns(path: Path, names: tuple[str, ...]) -> "pd.DataFrame":
    """Read some columns of a large Parquet file whole."""
    import pandas as pd

    with _opened(path) as file:
        batches = file.iter_batches(PIECE, columns=list(dict.fromkeys(names)))
        read = [batch.to_pandas(ignore_metadata=True) for batch in batches]
    return pd.concat(read, ignore_index=True)


def look_through(path: Path, target: str | None, most: int) -> Seen:
    """Read a Parquet file once, keep rows drawn at random, and count what must be known of all.

    `target` may be a column that is not there: whoever calls looks. Of the different answers no
    more than `most` and one are kept. Raises ApprentiError for a damaged file.
    """
    import numpy as np
    import pandas as pd
    import pyarrow

    random = np.random.default_rng(SAMPLE_SEED)
    kept: list[pd.DataFrame] = []
    answers: set[Any] = set()
    infinite: dict[str, int] = {}
    done = answered = 0
    try:
        with _opened(path) as file:
            share = SAMPLE_ROWS / max(1, file.metadata.num_rows)
            for batch in file.iter_batches(PIECE):
                piece: pd.DataFrame = batch.to_pandas(ignore_metadata=True)
                piece.index = range(done, done + len(piece))
                drawn = random.random(len(piece)) < share
                if target in piece:
                    filled = piece[target].dropna()
                    answered += len(filled)
                    if len(answers) <= FEW_ANSWERS:
                        first = filled.drop_duplicates()
                        drawn |= piece.index.isin(first[~first.isin(answers)].index[:FEW_ANSWERS])
                    if len(answers) <= most:
                        answers.update(filled.unique().tolist())
                kept.append(piece[drawn])
                _count_infinite(piece, infinite)
                done += len(piece)
    except (ValueError, OSError, MemoryError, pyarrow.ArrowException) as error:
        raise ApprentiError("damaged_parquet", path=path, reason=error) from None
    if not kept:
        kept.append(pd.read_parquet(path))
    return Seen(pd.concat(kept), done, answered, frozenset(answers), infinite)


def _opened(path: Path) -> Any:
    import pyarrow
    import pyarrow.parquet

    try:
        # Without these two settings a good part of the file would be in the memory all the same
        return pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=65536)
    except (ValueError, OSError, pyarrow.ArrowException) as error:
        raise ApprentiError("damaged_parquet", path=path, reason=error) from None


def _count_infinite(piece: "pd.DataFrame", infinite: dict[str, int]) -> None:
    import numpy as np

    for name in piece.select_dtypes("floating"):
        values = piece[name].to_numpy(float, na_value=np.nan)
        if count := int(np.isinf(values).sum()):
            infinite[name] = infinite.get(name, 0) + count
