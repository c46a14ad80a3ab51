"""Data that are not there, or are something else, are told before a run exists."""

import os

import numpy as np
import pytest

from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

ROWS = 40
INPUTS = np.linspace(0, 1, ROWS * 3).reshape(ROWS, 3)
LABELS = np.arange(ROWS) % 4


def opened(source, folder):
    return open_source(DataSettings(source=source), folder)


def refusal(source, folder):
    """Return the error that this source is refused with."""
    with pytest.raises(ApprentiError) as caught:
        opened(str(source), folder)
    error = caught.value
    # Every place of its texts is filled, in what, why and what to do
    assert all(part and "{" not in part for part in error.parts())
    return error


def test_a_path_may_be_absolute_or_start_from_home(save, tmp_path, monkeypatch):
    path = save(x=INPUTS, y=LABELS)
    monkeypatch.setenv("HOME", str(path.parent))
    monkeypatch.setenv("USERPROFILE", str(path.parent))
    elsewhere = tmp_path / "project"
    elsewhere.mkdir()
    for written in (str(path), "~/data.npz", "../arrays/data.npz"):
        assert opened(written, elsewhere).rows == ROWS


def test_a_missing_file_is_told_with_the_nearest_name(save):
    error = refusal("dat.npz", save(x=INPUTS, y=LABELS).parent)
    assert error.key == "source_missing"
    assert error.values["nearest"] == "data.npz"


def test_a_misspelt_set_is_told_with_the_nearest_name(tmp_path):
    assert refusal("fashion-mnist", tmp_path).values["nearest"] == "fashion_mnist"


def test_the_home_of_nobody_is_missing_data(tmp_path):
    assert refusal("~nobody-of-that-name/data.npz", tmp_path).key == "source_missing"


def test_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "table.docx").write_bytes(b"\0\1\2")
    assert refusal("table.docx", tmp_path).key == "source_unknown"


def test_a_name_too_long_for_any_disk_is_told(tmp_path):
    # Windows just finds nothing under such a name
    assert refusal("x" * 5000, tmp_path).key in ("unreadable_file", "source_missing")


@pytest.mark.parametrize("source", ["pictures", "pictures/data.npz"])
def test_a_folder_that_may_not_be_looked_into_is_told(idx_pair, source):
    idx_pair.chmod(0o000)
    try:
        if os.name == "nt" or os.access(idx_pair, os.R_OK):
            pytest.skip("permissions bind neither root nor Windows")
        assert refusal(source, idx_pair.parent).key == "unreadable_file"
    finally:
        idx_pair.chmod(0o755)
