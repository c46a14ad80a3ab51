"""Broken data: files as they come from a cut connection, a full disk or a slip of the hand."""

import gzip
import struct

import numpy as np
import pytest


@pytest.fixture
def write_idx():
    """write_idx(path, array, head=None): an IDX file of bytes, packed if its name ends with .gz."""

    def write(path, values, head=None):
        values = np.asarray(values, np.uint8)
        shape = values.shape
        head = head or struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape)
        with gzip.open(path, "wb") if path.suffix == ".gz" else open(path, "wb") as file:
            file.write(head + values.tobytes())
        return path

    return write


@pytest.fixture
def idx_pair(tmp_path, write_idx):
    """A sound folder of IDX files, to be damaged: 40 images of 4 x 4 and their labels."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    write_idx(folder / "train-images-idx3-ubyte", np.arange(640).reshape(40, 4, 4) % 256)
    write_idx(folder / "train-labels-idx1-ubyte.gz", np.arange(40) % 4)
    return folder


@pytest.fixture
def save(tmp_path):
    """save(x=..., y=...): the path of a .npz file in a folder of its own."""

    def write(**arrays):
        folder = tmp_path / "arrays"
        folder.mkdir(exist_ok=True)
        np.savez(folder / "data.npz", **arrays)
        return folder / "data.npz"

    return write
