"""What the memory of this machine holds: whole, in pieces, or not at all."""

import math
from pathlib import Path

from apprenti.data.kinds.facts import Source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

LARGE = 1e9
"""Bytes: what takes more in the memory is read in pieces, on every machine alike, so that one
project file makes one script. A machine of little memory begins at a third of what it has."""

CELL = 8
"""Bytes that a number takes in a table in memory."""

COPIES = 3
"""A table in memory, its part to learn from, and that part prepared."""

POINT = 4
"""Bytes that a point of an image takes once it is a number."""


def total() -> int:
    """Return the bytes of memory of this machine."""
    import psutil

    return int(psutil.virtual_memory().total)


def limit() -> float:
    """Return the bytes above which data are read in pieces."""
    return min(LARGE, total() / 3)


def are_streamed(rows: int, shape: tuple[int, ...], data: DataSettings) -> bool:
    """Say whether images are read batch by batch; `data.streamed` overrides their size."""
    large = POINT * rows * math.prod(shape) > limit()
    return large if data.streamed is None else data.streamed


def check(source: Source, model: str) -> None:
    """Refuse a model that needs all the rows at once where they would not fit into the memory."""
    memory = total()
    if source.kind == "parquet_table" and len(source.shape) == 1:
        columns = source.shape[0]
        needed = COPIES * CELL * source.rows * columns
        if needed > memory:
            values = {"rows": source.rows, "columns": columns, "model": model}
            sizes = {"needed": needed / 1e9, "memory": memory / 1e9}
            raise ApprentiError("table_memory", **values, **sizes)
        return
    # Images that have become numbers may take a third of it
    needed = POINT * source.rows * math.prod(source.shape)
    if needed > memory / 3:
        sizes = {"needed": needed / 1e9, "memory": memory / 1e9}
        raise ApprentiError("images_memory", rows=source.rows, shape=source.shape, **sizes)


def check_unpacked(path: Path, size: int) -> None:
    """Refuse a packed file that would not fit into the memory once it is unpacked."""
    if size > total() / 2:
        raise ApprentiError("memory_short", path=path)


def check_text(path: Path) -> None:
    """Refuse a text table that the memory would not hold: it cannot be read in pieces."""
    check_size(path, path.stat().st_size)


def check_size(path: Path, size: int) -> None:
    """Refuse a table of so many bytes, unpacked, that the memory would not hold."""
    memory = total()
    if COPIES * size > memory:
        raise ApprentiError("table_large", path=path, size=size / 1e9, memory=memory / 1e9)
