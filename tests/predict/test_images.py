"""New images: what a model cannot be shown is refused, what is not read of a folder is told."""

import json
import os

import numpy as np
import pytest
from PIL import Image

from apprenti.errors import ApprentiError
from apprenti.predict.images import look

FLAT = {"image_mode": "L", "image_size": (5, 6)}
DEEP = {"image_mode": "F", "image_size": (5, 6)}
BYTES = {"scale": 255.0}
TWELVE_BITS = {"darkest": 100.0, "scale": 3900.0}


@pytest.fixture
def folder(tmp_path):
    """folder(flat=2, deep=1): new images of 8 bits, and of 16."""

    def make(flat=0, deep=0, largest=4000):
        for number in range(flat):
            Image.new("L", (6, 5), number).save(tmp_path / f"flat {number}.png")
        for number in range(deep):
            points = np.linspace(0, largest, 30).reshape(5, 6).astype(np.uint16)
            Image.fromarray(points).save(tmp_path / f"deep {number}.png")
        return tmp_path

    return make


def refusal(path, *arguments):
    with pytest.raises(ApprentiError) as caught:
        look(path, "image_folder", *arguments)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


def told(path, *arguments):
    return {note.key: note.values for note in look(path, "image_folder", *arguments).notes}


def test_images_like_those_of_the_training_are_no_matter(folder):
    assert not told(folder(flat=2), FLAT, BYTES)


def test_sixteen_bits_are_not_shown_to_a_model_of_eight(folder):
    error = refusal(folder(flat=2, deep=1), FLAT, BYTES)
    assert (error.key, error.values["name"]) == ("new_images_deep", "deep 0.png")


def test_eight_bits_are_not_shown_to_a_model_of_sixteen(folder):
    error = refusal(folder(flat=1, deep=2), DEEP, TWELVE_BITS)
    assert (error.key, error.values["name"]) == ("new_images_flat", "flat 0.png")


@pytest.mark.parametrize(
    ("largest", "other"), [(4000, False), (2000, False), (65_000, True), (200, True)]
)
def test_another_white_is_told(folder, largest, other):
    assert ("other_depth" in told(folder(deep=2, largest=largest), DEEP, TWELVE_BITS)) == other


def test_files_of_a_folder_without_an_answer_are_told(folder):
    new = folder(flat=1)
    for number in range(8):
        (new / f"IMG_{number}.HEIC").write_bytes(b"ftypheic")
    (values,) = told(new, FLAT, BYTES).values()
    assert values["count"] == 8 and values["examples"].startswith("IMG_0.HEIC, IMG_1.HEIC")


def test_what_is_told_of_a_folder_can_be_json(folder):
    new = folder(flat=1)
    (new / "a.heic").write_bytes(b"ftypheic")
    (note,) = look(new, "image_folder", FLAT, BYTES).notes
    assert json.loads(json.dumps(note.as_json()))["path"] == str(new)


@pytest.mark.skipif(os.name == "nt", reason="no pipes there")
def test_a_pipe_is_told_and_never_opened(folder):
    new = folder(flat=1)
    os.mkfifo(new / "pipe.png")
    assert told(new, FLAT, BYTES)["passed_over"]["examples"] == "pipe.png"


def test_a_folder_of_heic_alone_holds_no_image_to_read(tmp_path):
    (tmp_path / "1.heic").write_bytes(b"ftypheic")
    assert refusal(tmp_path, FLAT, BYTES).key == "no_images_there"
