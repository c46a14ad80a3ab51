"""Labels that were corrected: each is replaced where it is what it was, and nowhere else."""

from types import SimpleNamespace

import numpy as np
import pytest

from apprenti.backends.common.correct import correct

CONFIG = SimpleNamespace(labels="labels.csv")


@pytest.fixture
def corrected(tmp_path, monkeypatch):
    """corrected(labels, names, some, "row,was,is"): the labels with these lines applied."""
    monkeypatch.chdir(tmp_path)

    def apply(labels, names, some, *lines):
        (tmp_path / "labels.csv").write_text("\n".join(["row,was,is", *lines]), encoding="utf-8")
        return correct(np.array(labels), np.array(names), np.array(some), CONFIG)

    return apply


def test_a_row_has_its_new_label_and_the_array_that_was_read_keeps_its_own(corrected):
    labels = np.frombuffer(bytes([3, 4, 5, 3]), np.uint8)
    found = corrected(labels, range(4), [0, 1, 2, 3], "0,3,5", "1,4,4")
    assert found.tolist() == [5, 4, 5, 3] and found.dtype == np.uint8
    assert labels.tolist() == [3, 4, 5, 3]


@pytest.mark.parametrize(
    ("labels", "line", "found"),
    [
        (["chat", "chien, gros", "chat"], 'b,"chien, gros",chat', ["chat", "chat", "chat"]),
        (["a", "much longer"], "a,a,much longer", ["much longer", "much longer"]),
        ([True, False], "b,False,True", [True, True]),
        ([1.0, 2.0], "a,1.0,2.0", [2.0, 2.0]),
    ],
)
def test_labels_keep_their_kind(corrected, labels, line, found):
    assert corrected(labels, list("abc")[: len(labels)], range(len(labels)), line).tolist() == found


def test_a_test_row_keeps_its_label_whatever_the_file_says(corrected):
    assert corrected([0, 1, 1], range(3), [0, 1], "2,0,7", "0,0,1").tolist() == [1, 1, 1]


def test_every_row_of_a_name_is_corrected(corrected):
    found = corrected([0, 1, 0], ["x.png", "y.png", "x.png"], range(3), "x.png,0,1")
    assert found.tolist() == [1, 1, 1]


@pytest.mark.parametrize("line", ["0,1,0", "0,0,2"])
def test_a_row_that_has_changed_or_gets_no_class_ends_the_script_and_is_named(corrected, line):
    with pytest.raises(SystemExit, match=r"labels\.csv, 0"):
        corrected([0, 1], range(2), [0, 1], line)
