"""Reading: a table in a Parquet file, one row an example, one column the target."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    return pd.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
