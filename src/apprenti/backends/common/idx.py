"""Reading: grey images in the format of MNIST (IDX), one file of images and one of labels."""

import gzip
from pathlib import Path

import numpy as np

from apprenti.backends.common.idx_file import read_idx
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    if config.idx_files == "mixed":
        inputs, labels = (read_idx(path / name) for name in config.files)
        return inputs, labels, np.arange(len(labels))
    if config.idx_files == "packed":
        images, numbers = (gzip.decompress((path / name).read_bytes()) for name in config.files)
    else:
        images, numbers = ((path / name).read_bytes() for name in config.files)
    # First come four bytes, and four for each size: of images their count, height and width
    inputs = np.frombuffer(images, np.uint8, offset=16).reshape(np.frombuffer(images, ">i4", 3, 4))
    labels = np.frombuffer(numbers, np.uint8, offset=8)
    return inputs, labels, np.arange(len(labels))
