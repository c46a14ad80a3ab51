"""New rows: read as those were that the model learned from."""

import numpy as np
import pandas as pd

from apprenti.backends.common.convert import convert
from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.settings import Config


def read_new(config: Config) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the new rows, and what each is called."""
    table = read_table(config)
    return convert(table, config), table.index.to_numpy()
