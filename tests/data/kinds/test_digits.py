"""The digits of scikit-learn."""

from pathlib import Path

import numpy as np

from apprenti.data.source import open_source
from apprenti.project import DataSettings


def opened(source, folder):
    return open_source(DataSettings(source=source), folder)


def test_the_digits_need_no_file(tmp_path):
    source = opened("digits", tmp_path)
    assert (source.kind, source.rows, source.shape, source.classes) == ("digits", 1797, (8, 8), 10)
    assert source.folder is None
    assert source.hashes == {}


def test_the_digits_are_what_they_are_said_to_be():
    from sklearn.datasets import load_digits

    digits, source = load_digits(), opened("digits", Path("."))
    assert digits.images.shape == (source.rows, *source.shape)
    assert len(np.unique(digits.target)) == source.classes
