"""Reading: two NumPy arrays in one .npz file, the inputs and their labels."""

import numpy as np

from apprenti.backends.common.data import Data, find, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows


def load_data(config: Config) -> Data:
    # allow_pickle stays off: opening a file must never run code
    with np.load(find(config.data), allow_pickle=False) as arrays:
        inputs, labels = arrays[config.inputs_array], arrays[config.labels_array]
    return share_out(inputs, labels, split_rows(labels, config))
