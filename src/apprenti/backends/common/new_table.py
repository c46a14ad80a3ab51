"""Reading: new rows in a table, written as the one that the model was trained on, or Parquet."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path, to_pandas_kwargs={"ignore_metadata": True})
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    return pd.read_csv(path, **written)
