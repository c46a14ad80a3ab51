"""What may be wrong with data is found out before a run exists, and is told."""

import gzip
import os
import random
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest

from apprenti.data.sources import open_source
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


# ---- Sound data


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


def test_a_folder_of_idx_files_is_described_and_hashed(idx_pair):
    source = opened("pictures", idx_pair.parent)
    assert (source.kind, source.name, source.folder) == ("idx", "pictures", idx_pair.parent)
    assert (source.rows, source.shape, source.classes) == (40, (4, 4), 4)
    assert not source.has_test_part
    files = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz")
    assert source.settings == {"files": files}
    assert {len(known) for known in source.hashes.values()} == {64}
    assert source.hashes.keys() == set(files)


@pytest.mark.parametrize("prefix", ["t10k", "test"])
def test_the_test_part_of_a_folder_is_seen_but_never_opened(idx_pair, prefix):
    (idx_pair / f"{prefix}-images-idx3-ubyte").write_bytes(b"not even IDX")
    (idx_pair / f"{prefix}-labels-idx1-ubyte").write_bytes(b"")
    source = opened("pictures", idx_pair.parent)
    assert source.has_test_part
    assert not any(name.startswith(prefix) for name in source.hashes)


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


def test_a_path_may_be_absolute_or_start_from_home(save, tmp_path, monkeypatch):
    path = save(x=INPUTS, y=LABELS)
    monkeypatch.setenv("HOME", str(path.parent))
    monkeypatch.setenv("USERPROFILE", str(path.parent))
    elsewhere = tmp_path / "project"
    elsewhere.mkdir()
    for written in (str(path), "~/data.npz", "../arrays/data.npz"):
        assert opened(written, elsewhere).rows == ROWS


# ---- Nothing there, or something else


def test_a_missing_file_is_told_with_the_nearest_name(save):
    error = refusal("dat.npz", save(x=INPUTS, y=LABELS).parent)
    assert error.key == "source_missing"
    assert error.values["nearest"] == "data.npz"


def test_a_misspelt_set_is_told_with_the_nearest_name(tmp_path):
    assert refusal("fashion-mnist", tmp_path).values["nearest"] == "fashion_mnist"


def test_the_home_of_nobody_is_missing_data(tmp_path):
    assert refusal("~nobody-of-that-name/data.npz", tmp_path).key == "source_missing"


def test_another_kind_of_file_is_refused(tmp_path):
    (tmp_path / "table.xlsx").write_bytes(b"PK")
    assert refusal("table.xlsx", tmp_path).key == "source_unknown"


def test_an_empty_folder_is_told_what_is_missing_in_it(tmp_path):
    (tmp_path / "empty").mkdir()
    error = refusal("empty", tmp_path)
    assert error.key == "no_idx_pair"
    assert (error.values["images"], error.values["labels"]) == (0, 0)


def test_two_files_of_images_leave_open_which_one_is_meant(idx_pair):
    shutil.copy(idx_pair / "train-images-idx3-ubyte", idx_pair / "more-images-idx3-ubyte")
    assert refusal("pictures", idx_pair.parent).values["images"] == 2


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


# ---- IDX files


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz"])
@pytest.mark.parametrize("kept", [0, 1, 3, 7, 20])
def test_an_idx_file_cut_short_is_told(idx_pair, name, kept):
    content = (idx_pair / name).read_bytes()
    (idx_pair / name).write_bytes(content[:kept])
    error = refusal("pictures", idx_pair.parent)
    # Of an empty .gz file nothing says that it was ever packed
    expected = {"not_idx", "idx_size", "damaged_gzip"}
    assert error.key in expected
    assert error.values["path"] == idx_pair / name


def test_an_empty_idx_file_is_told(idx_pair):
    (idx_pair / "train-images-idx3-ubyte").write_bytes(b"")
    assert refusal("pictures", idx_pair.parent).key == "not_idx"


def test_a_file_that_is_not_gzip_is_told(idx_pair):
    (idx_pair / "train-labels-idx1-ubyte.gz").write_bytes(b"<html>404</html>")
    assert refusal("pictures", idx_pair.parent).key == "damaged_gzip"


def test_gzip_of_which_a_byte_was_changed_is_told(idx_pair):
    path = idx_pair / "train-labels-idx1-ubyte.gz"
    content = bytearray(path.read_bytes())
    content[-6] ^= 0xFF
    path.write_bytes(content)
    assert refusal("pictures", idx_pair.parent).key == "damaged_gzip"


def test_an_idx_file_with_bytes_too_many_is_told(idx_pair):
    path = idx_pair / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes() + b"\0")
    error = refusal("pictures", idx_pair.parent)
    assert error.key == "idx_size"
    assert error.values["found"] == error.values["expected"] + 1


@pytest.mark.parametrize(
    "head", [struct.pack(">BBBBI", 0, 0, 13, 1, 40), b"\0\0\x08\0", b"\x89PNG\r\n\x1a\n"]
)
def test_another_kind_of_idx_is_refused(idx_pair, write_idx, head):
    write_idx(idx_pair / "train-images-idx3-ubyte", np.zeros(1), head)
    assert refusal("pictures", idx_pair.parent).key == "not_idx"


@pytest.mark.parametrize("shape", [(40,), (40, 0, 4)])
def test_idx_images_without_pixels_are_refused(idx_pair, write_idx, shape):
    write_idx(idx_pair / "train-images-idx3-ubyte", np.zeros(shape))
    assert refusal("pictures", idx_pair.parent).key == "inputs_shape"


def test_idx_labels_in_two_dimensions_are_refused(idx_pair, write_idx):
    write_idx(idx_pair / "train-labels-idx1-ubyte.gz", np.zeros((40, 1)))
    assert refusal("pictures", idx_pair.parent).key == "labels_shape"


def test_labels_and_images_of_different_counts_are_told(idx_pair, write_idx):
    write_idx(idx_pair / "train-labels-idx1-ubyte.gz", np.arange(39) % 4)
    error = refusal("pictures", idx_pair.parent)
    assert error.key == "counts_differ"
    assert (error.values["inputs"], error.values["labels"]) == (40, 39)


# ---- Arrays


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


def test_an_idx_folder_damaged_anywhere_is_either_read_or_told(idx_pair):
    chance = random.Random(0)
    images, labels = sorted(idx_pair.iterdir())
    plain = gzip.decompress(labels.read_bytes())
    contents = {images: images.read_bytes(), labels: labels.read_bytes()}
    assert len(plain) == 48
    for number in range(200):
        path = (images, labels)[number % 2]
        damaged = bytearray(contents[path])
        if number % 4 < 2:
            del damaged[chance.randrange(len(damaged)) :]
        else:
            damaged[chance.randrange(min(20, len(damaged)))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            opened("pictures", idx_pair.parent)
        except ApprentiError:
            pass
        else:
            assert number % 4 >= 2, f"{path.name} cut at {len(damaged)} bytes, and read"
        path.write_bytes(contents[path])


def test_an_encrypted_npz_is_told(save):
    path = save(x=INPUTS, y=LABELS)
    content = bytearray(path.read_bytes())
    # The first bit of the flags, in the header of each file and in the table at the end
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    path.write_bytes(content)
    assert refusal(path.name, path.parent).key == "damaged_npz"
