"""Are the images drawings: ink on an even page? If so, how large, where and how thick their ink is.

Nothing is decided from a name: MNIST and the digits of scikit-learn are drawings because a few
hundred of their training images are. What is found goes into the predict.py of a run, which draws
new images in the same way; rows of the validation and the test set are not looked at.
"""

from functools import lru_cache
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.rows import read_inputs
from apprenti.data.source import Source
from apprenti.data.split.parts import TRAIN
from apprenti.data.split.written import Shares

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LOOKED_AT = 300
"""So many images are looked at."""

KEPT = 4
"""So many sets of images are known at a time."""

PAGE, INK = 0.1, 0.5
"""Tones up to which a point is page, and from which ink; ink at its darkest is 1."""

LEAST_PAGE = 0.4
"""Of all points, at least so many are page."""

MOST_LOST = 0.3
"""Of the ink, no more is lost in black and white: a photograph loses its shades."""

THICKEST = 0.22
"""Strokes are no thicker than this, in parts of the size of a drawing."""

FINE = 8
"""So many points for one, where the width of strokes is measured."""

MASS = 0.7
"""Drawings are centred by their mass if that varies so much less than the middle of their box."""


def settings_of(source: Source, shares: Shares) -> dict[str, Any]:
    """Return the settings by which a script draws new images like these; none if they are none."""
    if len(source.shape) != 2 or min(source.shape) < 4 or source.settings.get("image_mode") == "F":
        return {}
    images, unit = _some(source, shares)
    found = _settings_of(images.tobytes(), images.shape) if len(images) else {}
    return {**unit, "one_size": not source.contents, **found} if found else {}


@lru_cache(KEPT)
def _settings_of(content: bytes, shape: tuple[int, ...]) -> dict[str, Any]:
    """Return what tells drawings: of the same images once, however many models are planned."""
    import numpy as np

    images = np.frombuffer(content, np.float32).reshape(shape)
    if (ends := _page_and_ink(images)) is None:
        return {}
    page, ink = ends
    shades = ((images - page) / (ink - page)).clip(0, 1)
    drawn = shades[shades.max((1, 2)) >= INK]
    if len(drawn) < 0.98 * len(shades) or (drawn <= PAGE).mean() < LEAST_PAGE:
        return {}
    widths, lost = _strokes(drawn)
    sizes, middles, by_mass = _places(drawn)
    usual = float(np.median(sizes))
    if lost > MOST_LOST or np.median(widths) > THICKEST * usual:
        return {}
    middle = np.median(middles, axis=0).round(2)
    return {
        "page": page,
        "ink": ink,
        "least_page": round(0.75 * float((drawn <= PAGE).mean((1, 2)).min()), 3),
        "ink_sizes": (float(sizes.min()) - 1, usual, float(sizes.max()) + 1),
        "ink_middle": tuple(middle.tolist()),
        "ink_apart": round(2 * float(abs(middles - middle).max()), 2),
        "by_mass": by_mass,
        "ink_width": tuple(np.quantile(widths, (0.25, 0.75)).round(2).tolist()),
    }


def _some(source: Source, shares: Shares) -> tuple["Array", dict[str, Any]]:
    """Return some of the training images, and how the file of an image becomes one like them."""
    import numpy as np

    train = np.flatnonzero(shares.parts == TRAIN)
    some = train[:: max(1, len(train) // LOOKED_AT)][:LOOKED_AT]
    if not source.contents:
        inputs = read_inputs(source)
        scale = float(np.float32(abs(inputs[train]).max() or 1))
        unit = {"image_size": source.shape, "image_mode": "L", "byte_value": scale / 255}
        return inputs[some].astype(np.float32), unit
    folder: Path = source.path.parent if source.table else source.path
    block = import_module("apprenti.backends.common.image_points")
    config = import_module("apprenti.backends.common.settings").Config(**source.settings)
    points = [block.read_image(folder / name, config) for name in shares.rows[some]]
    return np.array(points, np.float32), {}


def _page_and_ink(images: "Array") -> tuple[float, float] | None:
    """Return the tone of the page, which is at the border, and that of ink, its opposite."""
    import numpy as np

    border = np.concatenate([images[:, [0, -1]].ravel(), images[:, :, [0, -1]].ravel()])
    page, low, high = float(np.median(border)), float(images.min()), float(images.max())
    if low == high or min(page - low, high - page) > PAGE * (high - low):
        return None
    return (low, high) if page - low < high - page else (high, low)


def _strokes(drawn: "Array") -> tuple["Array", float]:
    """Return how wide the strokes of each drawing are, and how much is lost in black and white."""
    import numpy as np
    from PIL import Image

    block = import_module("apprenti.backends.common.drawing")
    widths, lost = [], 0.0
    for tones in drawn:
        size = (FINE * tones.shape[1], FINE * tones.shape[0])
        fine = Image.fromarray(np.uint8(255 * tones)).resize(size, Image.Resampling.BICUBIC)
        shape = fine.point(lambda tone: 255 * (tone > 127))
        widths.append(block.width_of(shape) / FINE)
        lost += float(abs(np.asarray(shape.reduce(FINE), np.float32) / 255 - tones).sum())
    return np.array(widths), lost / float(drawn.sum())


def _places(drawn: "Array") -> tuple["Array", "Array", bool]:
    """Return how long the ink of each drawing is, the point in its middle, and which middle."""
    import numpy as np

    block = import_module("apprenti.backends.common.drawing")
    boxes = np.array([block.box_of(tones > PAGE) for tones in drawn])
    sizes = (boxes[:, 2:] - boxes[:, :2]).max(1)
    by_box, by_mass = (
        np.array([block.middle_of(tones, SimpleNamespace(by_mass=way)) for tones in drawn])
        for way in (False, True)
    )
    if by_mass.std(0).sum() < MASS * by_box.std(0).sum():
        return sizes, by_mass, True
    return sizes, by_box, False
