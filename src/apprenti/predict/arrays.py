"""New rows for a model that learned from arrays or IDX files: a .npz, an IDX file, or images.

What does not fit is refused here, before a script runs; what fits and looks unlike the training
rows is noted.
"""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.formats import is_image
from apprenti.data.kinds import arrays as npz
from apprenti.data.kinds.checks import not_finite
from apprenti.data.kinds.idx import read_idx
from apprenti.data.kinds.image_folder import is_image_folder
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import Material
from apprenti.predict import images
from apprenti.predict.notes import Note, Seen

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BYTE = 255

OTHER_UNITS = 1.5, 0.1
"""Largest values beyond so many times that of the training, or below this share, are noted."""

FAR = 20
"""Standard deviations; a number further away than this from its column's mean is noted."""


def look(
    path: Path, material: Material, settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Seen:
    """Find out what new rows are, and check them; raises ApprentiError for what does not fit.

    `preparation` is what model.json says of it: the scale of pixels, or mean and deviation.
    """
    found: dict[str, Any] = {}
    if path.suffix == ".npz":
        name, inputs = _from_npz(path, settings)
        found["inputs_array"] = name
    elif (path.is_file() and is_image(path.name)) or (path.is_dir() and is_image_folder(path)):
        return _images(path, material, settings, preparation)
    elif path.is_file() and re.search(r"ubyte(\.gz)?$", path.name):
        name, inputs = path.name, read_idx(path)
    else:
        raise ApprentiError("new_rows_kind", path=path)
    _check(inputs, path, name, material.shape)
    return Seen(found, list(_unlike(inputs, preparation)))


def _from_npz(path: Path, settings: Mapping[str, Any]) -> tuple[str, "Array"]:
    """Return the name and the content of the array of inputs: there need be no labels."""
    usual = [settings.get("inputs_array"), *(inputs for inputs, _ in npz.ARRAY_NAMES)]
    there = npz.names_in(path)
    name = next((name for name in usual if name in there), None)
    if name is None and len(there) == 1:
        name = there[0]
    if name is None:
        names = ", ".join(sorted(there)) or "-"
        raise ApprentiError("new_rows_array", path=path, found=names, wanted=usual[0] or "x")
    return name, npz.read(path, name)


def _check(inputs: "Array", path: Path, name: str, shape: tuple[int, ...]) -> None:
    if inputs.dtype.kind not in "buif":
        values = {"name": name, "shape": inputs.shape, "kind": inputs.dtype}
        raise ApprentiError("inputs_shape", path=path, **values)
    if inputs.shape[1:] != shape or not len(inputs):
        words = " × ".join(map(str, shape))
        raise ApprentiError(
            "new_rows_shape", path=path, name=name, shape=inputs.shape, wanted=words
        )
    bad = not_finite(inputs)
    if len(bad):
        values = {"name": name, "count": len(bad), "first": int(bad[0])}
        raise ApprentiError("new_rows_not_finite", path=path, **values)


def _unlike(inputs: "Array", preparation: Mapping[str, Any]) -> Iterator[Note]:
    """Yield what tells that new rows may be in other units than those of the training."""
    import numpy as np

    if "scale" in preparation:
        largest, scale = float(np.abs(inputs).max()), float(preparation["scale"])
        if not OTHER_UNITS[1] * scale <= largest <= OTHER_UNITS[0] * scale:
            yield Note("other_units", {"largest": largest, "scale": scale})
        return
    mean, deviation = np.array(preparation["mean"]), np.array(preparation["deviation"])
    far = int((np.abs(inputs - mean) > FAR * deviation).any(axis=1).sum())
    if far:
        yield Note("far_rows", {"count": far, "rows": len(inputs), "far": FAR})


def _images(
    path: Path, material: Material, known: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Seen:
    """Return images as new rows, where it is known what their points become: bytes, or shades."""
    shape, scale = material.shape, float(preparation.get("scale", math.nan))
    if len(shape) != 2 and shape[2:] != (3,):
        raise ApprentiError("new_rows_kind", path=path)
    # Of other numbers nobody knows what black and white would be
    if material.reading == "arrays" and scale != BYTE and not known.get("ink_sizes"):
        raise ApprentiError("new_images_scale", path=path, scale=scale)
    _, notes = images.check(path, deep=False)
    height, width = shape[:2]
    settings = {
        "image_size": (height, width),
        "image_mode": "L" if len(shape) == 2 else "RGB",
        "byte_value": scale / BYTE,
    }
    brought = Note("brought_to_size", {"height": height, "width": width})
    return Seen(settings, [brought, *notes])
