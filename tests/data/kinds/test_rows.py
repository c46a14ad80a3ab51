"""The rows of a source are read as its kind says, by the names that the source gives."""

import numpy as np
import pytest

from apprenti.data.kinds.rows import read_inputs, read_labels
from apprenti.data.source import open_source
from apprenti.project import DataSettings

LABELS = np.arange(40) % 4


def opened(path):
    return open_source(DataSettings(source=path.name), path.parent)


def test_the_digits_are_those_of_scikit_learn(tmp_path):
    from sklearn.datasets import load_digits

    digits, source = load_digits(), opened(tmp_path / "digits")
    assert np.array_equal(read_inputs(source), digits.images)
    names, labels = read_labels(source)
    assert names is None
    assert np.array_equal(labels, digits.target)


def test_an_idx_folder_gives_its_images_and_their_labels(idx_pair):
    source = opened(idx_pair)
    assert np.array_equal(read_inputs(source).ravel(), np.arange(640) % 256)
    assert np.array_equal(read_labels(source)[1], LABELS)


@pytest.mark.parametrize("turned", [False, True], ids=["in order", "turned round"])
def test_arrays_are_read_by_their_names_in_whatever_order_the_settings_are(save, turned):
    images = np.arange(40 * 4).reshape(40, 2, 2)
    source = opened(save(images=images, labels=LABELS, data=np.zeros(3)))
    if turned:
        source = source._replace(settings=dict(reversed(source.settings.items())))
    assert np.array_equal(read_inputs(source), images)
    assert np.array_equal(read_labels(source)[1], LABELS)


def test_images_in_folders_have_names_and_the_labels_of_their_folders(photos):
    names, labels = read_labels(opened(photos))
    assert [name.split("/")[0] for name in names] == labels.tolist()
    assert all((photos / name).is_file() for name in names)
