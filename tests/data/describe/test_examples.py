"""The picture of the first images of each class, or of each range of a number."""

import numpy as np

from apprenti.data.describe import examples, samples
from apprenti.data.source import open_source
from apprenti.project import DataSettings


def test_images_are_drawn_by_class(images_npz, tmp_path):
    data = DataSettings(source=str(images_npz))
    rows, _ = samples.without_test(samples.read(open_source(data, tmp_path), data))
    path = examples.draw(rows, tmp_path / "data.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_rows_of_columns_are_no_images():
    assert examples.are_images((28, 28))
    assert examples.are_images((28, 28, 3))
    assert not examples.are_images((13,))
    assert not examples.are_images((28, 28, 10))


def test_numbers_are_drawn_by_fifths(tmp_path):
    groups = examples.ranges(np.arange(100.0))
    assert len(set(groups)) == 5
    assert sorted(groups) == list(groups)
    assert len(set(examples.ranges(np.array([1.0, 1, 1, 1, 2])))) <= 2
