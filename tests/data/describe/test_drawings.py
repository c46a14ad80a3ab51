"""Whether images are drawings is decided from those of the training, and from no others."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from apprenti.data.describe.drawings import settings_of
from apprenti.data.source import open_source
from apprenti.data.split.written import share_out
from apprenti.project import DataSettings


def found_in(folder, name, inputs=None):
    if inputs is not None:
        np.savez(folder / name, x=inputs, y=np.arange(len(inputs)) % 2)
    data = DataSettings(source=name)
    source = open_source(data, folder)
    return settings_of(source, share_out(source, data))


@pytest.fixture(scope="module")
def digits():
    from sklearn.datasets import load_digits

    return load_digits().images[:300]


def shaded(count, random):
    """Grey shapes on black whose shades say what they are: clothes, not strokes."""
    images = np.zeros((count, 28, 28))
    for image in images:
        noise = Image.fromarray(random.integers(60, 255, (28, 28)).astype(np.uint8))
        image[3:25, 5:23] = np.asarray(noise.filter(ImageFilter.GaussianBlur(2)))[3:25, 5:23]
    return images


def test_the_digits_of_scikit_learn_fill_their_height_and_are_centred_by_their_box(tmp_path):
    found = found_in(tmp_path, "digits")
    assert (found["page"], found["ink"], found["ink_sizes"][1]) == (0, 16, 8)
    assert (found["by_mass"], found["ink_middle"]) == (False, (4, 4))


@pytest.mark.parametrize(("scale", "inverted"), [(1, False), (1 / 16, False), (255 / 16, True)])
def test_drawings_have_any_unit_and_either_polarity(scale, inverted, digits, tmp_path):
    found = found_in(tmp_path, "own.npz", (16 - digits if inverted else digits) * scale)
    light, dark = 16 * scale, 0
    assert (found["page"], found["ink"]) == ((light, dark) if inverted else (dark, light))


def test_photographs_and_shaded_shapes_are_no_drawings(tmp_path):
    random = np.random.default_rng(0)
    assert found_in(tmp_path, "shapes.npz", shaded(100, random)) == {}
    assert found_in(tmp_path, "noise.npz", random.integers(0, 255, (100, 28, 28))) == {}
    assert found_in(tmp_path, "colours.npz", random.integers(0, 255, (100, 28, 28, 3))) == {}


def test_nothing_is_looked_at_but_training_rows(digits, tmp_path):
    before = found_in(tmp_path, "own.npz", digits)
    data = DataSettings(source="own.npz")
    parts = share_out(open_source(data, tmp_path), data).parts
    assert found_in(tmp_path, "own.npz", np.where(parts[:, None, None] == 0, digits, 5)) == before


def test_a_folder_of_drawings_is_looked_at_too(digits, tmp_path):
    for place, image in enumerate(digits[:40]):
        folder = tmp_path / "drawn" / str(place % 2)
        folder.mkdir(parents=True, exist_ok=True)
        fine = Image.fromarray(np.uint8(255 - image / 16 * 255)).resize((32, 32))
        fine.point(lambda tone: 255 * (tone > 127)).save(folder / f"{place}.png")
    found = found_in(tmp_path, "drawn")
    assert (found["page"], found["ink"], found["one_size"]) == (255, 0, False)
