"""Reading: a table in a text file, one row an example, one column the answer."""

import pandas as pd

from apprenti.backends.common.data import find
from apprenti.backends.common.settings import Config


def read_table(config: Config) -> pd.DataFrame:
    return pd.read_csv(
        find(config.data), sep=config.delimiter, encoding=config.encoding, decimal=config.decimal
    )
