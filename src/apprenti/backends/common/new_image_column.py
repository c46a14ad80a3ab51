"""New rows: read as those were that the model learned from."""

import numpy as np

from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.image_column import find_files
from apprenti.backends.common.settings import Config


def read_new(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the new rows, and what each is called."""
    table = read_table(config)
    return find_files(table, config), table[config.image].to_numpy()
