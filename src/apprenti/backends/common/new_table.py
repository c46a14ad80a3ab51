"""Reading: new rows, written as those that the model was trained on, or in Parquet."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.settings import Config


def read_new(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
    return read_table(path, config)
