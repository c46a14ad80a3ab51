"""The rows of a source that is no table."""

import shutil

import numpy as np
import pytest

from apprenti.data.describe import samples
from apprenti.data.findings import look_at_rows
from apprenti.data.source import open_source
from apprenti.project import DataSettings, Split


def read(path, folder, **settings):
    data = DataSettings(source=str(path), **settings)
    source = open_source(data, folder)
    return source, *samples.without_test(samples.read(source, data))


@pytest.mark.parametrize("source", ["images_npz", "columns_npz", "idx_folder"])
def test_rows_are_read_without_those_of_the_test_part(source, request, tmp_path):
    source, rows, test_rows = read(request.getfixturevalue(source), tmp_path)
    assert (len(rows.labels), test_rows) == (255, 45)
    assert rows.inputs.shape == (255, *source.shape)
    assert sum(count for _, count in samples.class_counts(rows.labels)) == 255


def test_a_smaller_test_part_leaves_more_rows(images_npz, tmp_path):
    _, rows, _ = read(images_npz, tmp_path, split=Split(test=0.1))
    assert len(rows.labels) == 270


def codes(path, folder, **settings):
    data = DataSettings(source=str(path), **settings)
    source = open_source(data, folder)
    found = look_at_rows(samples.read(source, data), source.task)
    return {finding.code: finding.values for finding in found}


def test_copies_among_arrays_are_found_with_one_answer_two_answers_and_in_two_parts(tmp_path):
    random = np.random.default_rng(0)
    images, labels = random.integers(255, size=(100, 4, 4)), np.arange(100) % 2
    np.savez(tmp_path / "sound.npz", x=images, y=labels)
    assert not codes(tmp_path / "sound.npz", tmp_path).keys() & {"D015", "D016", "D017"}
    np.savez(tmp_path / "twice.npz", x=[*images, *images], y=[*labels, *labels])
    found = codes(tmp_path / "twice.npz", tmp_path)
    assert found["D015"]["rows"] > 50
    assert found["D017"]["valid"] > 0
    assert found["D017"]["test"] > 0
    # Rows of arrays have no names
    assert "copies" not in found["D015"]
    np.savez(tmp_path / "torn.npz", x=[*images, *images], y=[*labels, *(1 - labels)])
    found = codes(tmp_path / "torn.npz", tmp_path)
    assert found.keys() & {"D015", "D016"} == {"D016"}


def test_files_of_a_test_part_are_no_part_of_the_rows(idx_folder, tmp_path):
    folder = tmp_path / "small"
    shutil.copytree(idx_folder, folder)
    for name in ("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"):
        (folder / name).write_bytes(b"junk")
    _, rows, test_rows = read(folder, tmp_path)
    assert (len(rows.labels), test_rows) == (300, 0)
