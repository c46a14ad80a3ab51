"""New rows: read as those were that the model learned from."""

import numpy as np

from apprenti.backends.common.data import find
from apprenti.backends.common.settings import Config


def read_new(config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the new rows, and what each is called."""
    # allow_pickle stays off: opening a file must never run code
    with np.load(find(config.data), allow_pickle=False) as arrays:
        rows = arrays[config.inputs_array]
    return rows, np.arange(len(rows))
