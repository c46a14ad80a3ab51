"""Arrays in .npz files: usual names are found, nothing is ever run, what is wrong is told."""

import random

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


@pytest.mark.parametrize(
    "names", ["x_train y_train", "x y", "X y", "inputs targets", "images labels", "data target"]
)
def test_arrays_are_found_under_their_usual_names(save, names):
    inputs, labels = names.split()
    path = save(**{inputs: INPUTS, labels: LABELS, "other": np.zeros(3)})
    source = opened(path.name, path.parent)
    assert source.settings == {"inputs_array": inputs, "labels_array": labels}
    assert (source.rows, source.shape, source.classes) == (ROWS, (3,), 4)
    assert source.has_test_part == (names == "x_train y_train")


@pytest.mark.parametrize("labels", [LABELS > 1, LABELS.astype(np.uint64), np.array(list("abcd"))])
def test_labels_are_whole_numbers_texts_or_yes_and_no(save, labels):
    path = save(x=INPUTS, y=np.resize(labels, ROWS))
    assert opened(path.name, path.parent).classes == len(np.unique(labels))


@pytest.mark.parametrize(
    ("broken", "key"),
    [
        ({"x": INPUTS[:, 0], "y": LABELS}, "inputs_shape"),
        ({"x": INPUTS.astype(str), "y": LABELS}, "inputs_shape"),
        ({"x": INPUTS.astype(complex), "y": LABELS}, "inputs_shape"),
        ({"x": INPUTS[:, :0], "y": LABELS}, "inputs_shape"),
        ({"x": np.float64(3), "y": LABELS}, "inputs_shape"),
        ({"x": INPUTS, "y": LABELS[:, None]}, "labels_shape"),
        ({"x": INPUTS, "y": np.eye(4)[LABELS]}, "labels_shape"),
        ({"x": INPUTS, "y": np.int64(3)}, "labels_shape"),
        ({"x": INPUTS, "y": LABELS / 2}, "labels_kind"),
        ({"x": INPUTS, "y": LABELS.astype("datetime64[s]")}, "labels_kind"),
        ({"x": INPUTS, "y": LABELS[1:]}, "counts_differ"),
        ({"x": INPUTS[:0], "y": LABELS[:0]}, "no_rows"),
        ({"x": INPUTS, "y": LABELS * 0}, "one_class"),
        ({"x": INPUTS, "y": np.arange(ROWS)}, "too_many_classes"),
        ({"x": INPUTS[:1], "y": LABELS[:1]}, "one_class"),
        ({"x": INPUTS[:2], "y": LABELS[:2]}, "too_many_classes"),
        ({"a": INPUTS, "b": LABELS}, "no_arrays"),
        ({"x": INPUTS}, "no_arrays"),
        ({}, "no_arrays"),
    ],
)
def test_arrays_that_cannot_be_learned_from_are_told(save, broken, key):
    path = save(**broken)
    error = refusal(path.name, path.parent)
    assert error.key == key
    assert error.values["path"] == path


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e39])
def test_numbers_that_spoil_every_weight_are_told_with_their_row(save, number):
    inputs = INPUTS.copy()
    inputs[[7, 9], [1, 2]] = number
    path = save(x=inputs, y=LABELS)
    error = refusal(path.name, path.parent)
    assert error.key == "not_finite"
    assert (error.values["count"], error.values["first"]) == (2, 7)


class Marker:
    """An object whose reading would run code: it leaves a file behind."""

    def __init__(self, path):
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")


@pytest.mark.parametrize("name", ["x", "y"])
def test_objects_in_a_npz_are_never_unpickled(save, tmp_path, name):
    marker = tmp_path / "code-has-run"
    arrays = {"x": INPUTS, "y": LABELS, name: np.array([Marker(marker)] * ROWS, dtype=object)}
    path = save(**arrays)
    with np.load(path, allow_pickle=True) as unsafe:
        unsafe[name][0].close()
    assert marker.exists(), "the trap itself is broken"
    marker.unlink()
    assert refusal(path.name, path.parent).key == "damaged_npz"
    assert not marker.exists()


def test_a_pickle_that_is_named_npz_is_never_unpickled(tmp_path):
    import pickle

    marker = tmp_path / "code-has-run"
    (tmp_path / "data.npz").write_bytes(pickle.dumps(Marker(marker)))
    assert refusal("data.npz", tmp_path).key == "damaged_npz"
    assert not marker.exists()


def test_a_npy_that_is_named_npz_is_told(tmp_path):
    with open(tmp_path / "data.npz", "wb") as file:
        np.save(file, INPUTS)
    assert refusal("data.npz", tmp_path).key == "damaged_npz"


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04"])
def test_a_file_that_is_no_npz_is_told(tmp_path, content):
    (tmp_path / "data.npz").write_bytes(content)
    assert refusal("data.npz", tmp_path).key == "damaged_npz"


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_a_npz_damaged_anywhere_is_either_read_or_told(tmp_path, write):
    """A hundred cuts and a hundred changed bytes: never a traceback."""
    path = tmp_path / "data.npz"
    write(path, x=INPUTS, y=LABELS)
    content, chance = path.read_bytes(), random.Random(0)
    for number in range(200):
        damaged = bytearray(content)
        if number % 2:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            opened(path.name, path.parent)
        except ApprentiError as error:
            assert number % 2 == 0 or error.key == "damaged_npz"
        else:
            assert number % 2 == 0, f"cut at {len(damaged)} of {len(content)} bytes, and read"


def test_an_encrypted_npz_is_told(save):
    path = save(x=INPUTS, y=LABELS)
    content = bytearray(path.read_bytes())
    # The first bit of the flags, in the header of each file and in the table at the end
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    assert refusal(path.name, path.parent).key == "damaged_npz"
