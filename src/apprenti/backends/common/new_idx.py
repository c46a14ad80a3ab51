"""New rows: read as those were that the model learned from."""

import numpy as np

from apprenti.backends.common.data import find
from apprenti.backends.common.idx import read_idx
from apprenti.backends.common.settings import Config


def read_new(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the new rows, and what each is called."""
    rows = read_idx(find(config.data))
    return rows, np.arange(len(rows))
