"""Reading: a table in a Parquet file, one row an example, one column the answer."""

import pandas as pd

from apprenti.backends.common.data import find
from apprenti.backends.common.settings import Config


def read_table(config: Config) -> pd.DataFrame:
    return pd.read_parquet(find(config.data))
