"""Reading the files of a run: IDX and .npz, packed or not."""

import gzip

import numpy as np
import pytest

from apprenti.backends.common import arrays, digits, idx
from apprenti.backends.common.settings import Config


@pytest.mark.parametrize("name", ["values.gz", "values"])
@pytest.mark.parametrize("shape", [(7,), (5, 3), (4, 3, 2)])
def test_idx_files_are_read_as_they_were_written(tmp_path, idx_writer, name, shape):
    values = np.random.default_rng(0).integers(256, size=shape)
    idx_writer(tmp_path / name, values)
    assert np.array_equal(idx.read_idx(tmp_path / name), values)


def test_the_sizes_in_an_idx_file_are_of_four_bytes(tmp_path):
    # 300 does not fit in one byte: 0x12C, the larger part first
    head = bytes([0, 0, 8, 1, 0, 0, 1, 0x2C])
    (tmp_path / "values").write_bytes(head + bytes(300))
    assert idx.read_idx(tmp_path / "values").shape == (300,)


def test_a_folder_of_idx_files_becomes_data(idx_folder, monkeypatch):
    monkeypatch.chdir(idx_folder.parent)
    made = idx.load_data(Config(data="small", train=210, valid=45, test=45))
    with gzip.open(idx_folder / "train-labels-idx1-ubyte.gz") as file:
        labels = file.read()[8:]
    assert [int(made.target["classes"][t]) for t in made.valid_targets] == [
        labels[row] for row in made.valid_rows
    ]
    assert made.train_inputs.shape == (210, 8, 8)
    assert (made.train_inputs.min(), made.train_inputs.max()) == (0, 1)


def test_arrays_are_taken_by_the_names_in_the_settings(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", images=np.ones((20, 2, 2)), labels=np.arange(20) % 2, x=np.zeros(3))
    names = {"data": "d.npz", "inputs_array": "images", "labels_array": "labels"}
    made = arrays.load_data(Config(**names, train=14, valid=3, test=3))
    assert made.train_inputs.shape == (14, 2, 2)
    assert made.target["classes"] == [0, 1]


def test_an_array_of_objects_is_not_opened(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    np.savez("d.npz", x=np.array([{}, []], dtype=object), y=np.arange(2))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        arrays.load_data(Config()._replace(data="d.npz"))


def test_the_digits_come_with_scikit_learn():
    made = digits.load_data(Config(train=1257, valid=270, test=270))
    assert len(made.train_inputs) + len(made.valid_inputs) == 1797 - 270
    assert made.target["classes"] == list(range(10))
    assert made.train_inputs.shape[1:] == (8, 8)
