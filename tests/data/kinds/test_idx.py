"""Folders of IDX files: sound ones are described, and what may be wrong with one is told."""

import gzip
import random
import shutil
import struct

import numpy as np
import pytest

from apprenti.data.kinds import idx
from apprenti.data.source import open_source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings


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


def test_a_folder_of_idx_files_is_described_and_hashed(idx_pair):
    source = opened("pictures", idx_pair.parent)
    assert (source.kind, source.name, source.folder) == ("idx", "pictures", idx_pair.parent)
    assert (source.rows, source.shape, source.classes) == (40, (4, 4), 4)
    assert not source.has_test_part
    files = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte.gz")
    # One of them is packed
    assert source.settings == {"files": files, "idx_files": "mixed"}
    assert {len(known) for known in source.hashes.values()} == {64}
    assert source.hashes.keys() == set(files)


def test_a_packed_file_is_unpacked_once_while_it_is_asked_for_several_times(idx_pair, monkeypatch):
    unpacked, real = [], gzip.open

    def counted(path, *others):
        unpacked.append(path.name)
        return real(path, *others)

    monkeypatch.setattr(gzip, "open", counted)
    labels = idx_pair / "train-labels-idx1-ubyte.gz"
    with idx.UNPACKED.kept():
        assert idx.read_idx(labels) is idx.read_idx(labels)
        assert unpacked == [labels.name]
    idx.read_idx(labels)
    assert unpacked == [labels.name] * 2


@pytest.mark.parametrize("prefix", ["t10k", "test"])
def test_the_test_part_of_a_folder_is_seen_but_never_opened(idx_pair, prefix):
    (idx_pair / f"{prefix}-images-idx3-ubyte").write_bytes(b"not even IDX")
    (idx_pair / f"{prefix}-labels-idx1-ubyte").write_bytes(b"")
    source = opened("pictures", idx_pair.parent)
    assert source.has_test_part
    assert not any(name.startswith(prefix) for name in source.hashes)


def test_an_empty_folder_is_told_what_is_missing_in_it(tmp_path):
    (tmp_path / "empty").mkdir()
    error = refusal("empty", tmp_path)
    assert error.key == "folder_of_nothing"
    (tmp_path / "empty" / "train-images.idx3-ubyte").touch()
    error = refusal("empty", tmp_path)
    assert error.key == "no_idx_pair"
    assert (error.values["images"], error.values["labels"]) == (1, 0)


def test_two_files_of_images_leave_open_which_one_is_meant(idx_pair):
    shutil.copy(idx_pair / "train-images-idx3-ubyte", idx_pair / "more-images-idx3-ubyte")
    assert refusal("pictures", idx_pair.parent).values["images"] == 2


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
