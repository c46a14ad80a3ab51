"""Reading: grey images in the format of MNIST (IDX), one file of images and one of labels."""

import gzip
from pathlib import Path

import numpy as np

from apprenti.backends.common.data import Data, find, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows


def read_idx(path: Path) -> np.ndarray:
    with gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        content = file.read()
    # The fourth byte counts the dimensions; the size of each follows, on four bytes
    shape = np.frombuffer(content, ">i4", count=content[3], offset=4)
    return np.frombuffer(content, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def load_data(config: Config) -> Data:
    folder = find(config.data)
    images, labels = (read_idx(folder / name) for name in config.files)
    return share_out(images, labels, split_rows(labels, config))
