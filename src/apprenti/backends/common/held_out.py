"""Test set: rows that were used for no choice; they are looked at here for the first time."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from apprenti.backends.common.find import find
from apprenti.backends.common.idx import read
from apprenti.backends.common.pixels import prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split


def read_test(config: Config, preparation: dict) -> Iterator[tuple]:
    """Yield the test rows, some at a time: prepared inputs, labels, names."""
    path = find(config) if config.data else Path()
    if config.test_files:
        # The data set comes with its own test set
        inputs, labels, names, *_ = read(path, config._replace(files=config.test_files))
        some = np.arange(len(labels))
    elif config.test_arrays:
        # The data set comes with its own test set
        inputs_array, labels_array = config.test_arrays
        own = config._replace(inputs_array=inputs_array, labels_array=labels_array)
        inputs, labels, names = read(path, own)
        some = np.arange(len(labels))
    elif config.test_folders:
        # The data set comes with its own test set
        inputs, labels, names, *_ = read(path, config._replace(folders=config.test_folders))
        some = np.arange(len(labels))
    elif config.split_by == config.target:
        inputs, labels, names = read(path, config)
        some = np.sort(split(labels, config)[2])
    else:
        inputs, labels, names, by = read(path, config)
        some = np.sort(split(by, config)[2])
    for i in range(0, len(some), 1000):
        piece = some[i : i + 1000]
        prepared = prepare(inputs, piece, preparation, config)
        yield prepared, labels[piece].tolist(), names[piece]
