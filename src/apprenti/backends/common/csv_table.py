"""Reading: a table in a text file, one row an example, one column the target."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if config.encoding == "utf-8" and config.delimiter == "," and config.decimal == ".":
        return pd.read_csv(path)
    written = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    return pd.read_csv(path, **written)
