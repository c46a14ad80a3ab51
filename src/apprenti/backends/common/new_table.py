"""Reading: new rows in a table, written as the one that the model was trained on, or Parquet."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if path.suffix.lower() == ".parquet":
        return pd.read_parquet(path)
    # Every cell as it is written: what it means was decided at the training
    how = {"sep": config.delimiter, "encoding": config.encoding, "dtype": str}
    if config.missing:
        how["na_values"] = list(config.missing)
    table = pd.read_csv(path, **how)
    for name in config.words:
        words = pd.read_csv(path, **how, usecols=[name], keep_default_na=False)
        table[name] = words[name].replace("", None)
    return table
