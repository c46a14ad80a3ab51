"""The rows of a source that is no table."""

import pytest

from apprenti.data import samples
from apprenti.data.sources import open_source
from apprenti.project import DataSettings, Split


def read(path, folder, **settings):
    data = DataSettings(source=str(path), **settings)
    source = open_source(data, folder)
    return source, *samples.read(source, data)


@pytest.mark.parametrize("source", ["images_npz", "columns_npz", "idx_folder"])
def test_rows_are_read_without_those_of_the_test_part(source, request, tmp_path):
    source, rows, test_rows = read(request.getfixturevalue(source), tmp_path)
    assert (len(rows.labels), test_rows) == (255, 45)
    assert rows.inputs.shape == (255, *source.shape)
    assert sum(count for _, count in samples.class_counts(rows.labels)) == 255


def test_a_smaller_test_part_leaves_more_rows(images_npz, tmp_path):
    _, rows, _ = read(images_npz, tmp_path, split=Split(test=0.1))
    assert len(rows.labels) == 270


def test_images_are_drawn_by_class(images_npz, tmp_path):
    _, rows, _ = read(images_npz, tmp_path)
    path = samples.draw(rows, tmp_path / "data.png")
    assert path.read_bytes().startswith(b"\x89PNG")


def test_rows_of_columns_are_no_images():
    assert samples.are_images((28, 28))
    assert samples.are_images((28, 28, 3))
    assert not samples.are_images((13,))
    assert not samples.are_images((28, 28, 10))
