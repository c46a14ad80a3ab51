"""Reading: grey images in the format of MNIST (IDX), one file of images and one of labels."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.idx_file import read_idx
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    inputs, labels = (read_idx(path / name) for name in config.files)
    return inputs, labels, np.arange(len(labels))
