"""A table in a Parquet file, read as it stands: what pandas noted beside it may be wrong."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.errors import ApprentiError
from apprenti.outside import check_ordinary, reading

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 2**31
"""Repeated values take no room: a small file may hold as many rows as one likes."""

PLAIN = {"ignore_metadata": True}
"""As the script of a run reads it."""


def read(path: Path) -> "pd.DataFrame":
    """Read a Parquet file whole; a name of rows that pandas wrote is a column like any other."""
    import pandas as pd

    check_ordinary(path)
    check(path)
    with reading(path, "damaged_parquet"):
        return pd.read_parquet(path, to_pandas_kwargs=PLAIN)


def check(path: Path) -> None:
    """Refuse a file whose cells a model cannot learn from, or with more rows than anybody has."""
    import pyarrow.parquet

    with reading(path, "damaged_parquet"), pyarrow.parquet.ParquetFile(path) as file:
        if file.metadata.num_rows > MOST_ROWS:
            raise ApprentiError("memory_short", path=path)
        for field in file.schema_arrow:
            if unusable := _unusable(field.type):
                name = field.name
                raise ApprentiError("cells_unusable", path=path, name=name, kind=unusable)


def _unusable(kind: Any) -> str:
    """Return what a column holds that is no number, date, word or yes and no; or an empty text."""
    import pyarrow.types as types

    nested = (types.is_nested, types.is_duration, types.is_time, types.is_interval)
    return str(kind) if any(found(kind) for found in (*nested, _is_bytes)) else ""


def _is_bytes(kind: Any) -> bool:
    import pyarrow.types as types

    found = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary)
    return any(each(kind) for each in found)
