"""Reading: a table in a text file, one row an example, one column the target."""

from pathlib import Path

import pandas as pd

from apprenti.backends.common.settings import Config


def read_table(path: Path, config: Config) -> pd.DataFrame:
    if (config.encoding == "utf-8" and config.delimiter == "," and config.decimal == ".") and not (
        config.missing or config.as_written or config.words
    ):
        return pd.read_csv(path)
    how = {"sep": config.delimiter, "encoding": config.encoding, "decimal": config.decimal}
    if not (config.missing or config.as_written or config.words):
        return pd.read_csv(path, **how)
    if config.missing:
        # Words that say that a value is not known
        how["na_values"] = list(config.missing)
    if config.as_written:
        # Codes keep their zeros
        how["dtype"] = dict.fromkeys(config.as_written, str)
    table = pd.read_csv(path, **how)
    for name in config.words:
        # A word such as NA is a value here, and no gap
        words = pd.read_csv(path, **how | {"dtype": str, "usecols": [name]}, keep_default_na=False)
        table[name] = words[name].replace("", None)
    return table
