"""New rows for a model that learned from arrays or IDX files: a .npz, an IDX file, or images.

What does not fit is refused here, before a script runs; what fits and looks unlike the training
rows is noted.
"""

import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import images, sources
from apprenti.errors import ApprentiError
from apprenti.model.catalogue import Material

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BYTE = 255

OTHER_UNITS = 1.5, 0.1
"""Largest values beyond so many times that of the training, or below this share, are noted."""

FAR = 20
"""Standard deviations; a number further away than this from its column's mean is noted."""


class Given(NamedTuple):
    """How new rows are read, and what is worth knowing of them: keys of texts, and values."""

    material: Material
    settings: dict[str, Any]
    notes: list[tuple[str, dict[str, Any]]]


def look(
    path: Path, material: Material, settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Given:
    """Find out what new rows are, and check them; raises ApprentiError for what does not fit.

    `preparation` is what model.json says of it: the scale of pixels, or mean and deviation.
    """
    found = dict(settings)
    if path.suffix == ".npz":
        name, inputs = _from_npz(path, settings)
        found["inputs_array"] = name
        reading = "arrays"
    elif (path.is_file() and images.is_image(path.name)) or _is_folder_of_images(path):
        return _images(path, material, found, preparation)
    elif path.is_file() and re.search(r"ubyte(\.gz)?$", path.name):
        name, inputs, reading = path.name, sources.read_idx(path), "idx"
    else:
        raise ApprentiError("new_rows_kind", path=path)
    _check(inputs, path, name, material.shape)
    notes = [*_unlike(inputs, preparation)]
    return Given(material._replace(reading=reading), found, notes)


def _is_folder_of_images(path: Path) -> bool:
    return path.is_dir() and images.is_image_folder(path)


def _from_npz(path: Path, settings: Mapping[str, Any]) -> tuple[str, "Array"]:
    """Return the name and the content of the array of inputs: there need be no labels."""
    import numpy as np

    usual = [settings.get("inputs_array"), *(inputs for inputs, _ in sources.ARRAY_NAMES)]
    try:
        with open(path, "rb") as file, np.lib.npyio.NpzFile(file, allow_pickle=False) as arrays:
            there = list(arrays.files)
            name = next((name for name in usual if name in there), None)
            if name is None and len(there) == 1:
                name = there[0]
            if name is None:
                names = ", ".join(sorted(there)) or "-"
                raise ApprentiError(
                    "new_rows_array", path=path, found=names, wanted=usual[0] or "x"
                )
            return name, arrays[name]
    except sources.DAMAGED as error:
        raise ApprentiError("damaged_npz", path=path, reason=error) from None


def _check(inputs: "Array", path: Path, name: str, shape: tuple[int, ...]) -> None:
    if inputs.dtype.kind not in "buif":
        values = {"name": name, "shape": inputs.shape, "kind": inputs.dtype}
        raise ApprentiError("inputs_shape", path=path, **values)
    if inputs.shape[1:] != shape or not len(inputs):
        words = " × ".join(map(str, shape))
        raise ApprentiError(
            "new_rows_shape", path=path, name=name, shape=inputs.shape, wanted=words
        )
    bad = sources.not_finite(inputs)
    if len(bad):
        values = {"name": name, "count": len(bad), "first": int(bad[0])}
        raise ApprentiError("new_rows_not_finite", path=path, **values)


def _unlike(
    inputs: "Array", preparation: Mapping[str, Any]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what tells that new rows may be in other units than those of the training."""
    import numpy as np

    if "scale" in preparation:
        largest, scale = float(np.abs(inputs).max()), float(preparation["scale"])
        if not OTHER_UNITS[1] * scale <= largest <= OTHER_UNITS[0] * scale:
            yield "other_units", {"largest": largest, "scale": scale}
        return
    mean, deviation = np.array(preparation["mean"]), np.array(preparation["deviation"])
    far = int((np.abs(inputs - mean) > FAR * deviation).any(axis=1).sum())
    if far:
        yield "far_rows", {"count": far, "rows": len(inputs), "far": FAR}


def _images(
    path: Path, material: Material, settings: dict[str, Any], preparation: Mapping[str, Any]
) -> Given:
    """Return images as new rows, where it is known what their points become: bytes, or shades."""
    shape, scale = material.shape, float(preparation.get("scale", math.nan))
    if len(shape) != 2 and shape[2:] != (3,):
        raise ApprentiError("new_rows_kind", path=path)
    # Of other numbers nobody knows what black and white would be
    if material.reading == "arrays" and scale != BYTE:
        raise ApprentiError("new_images_scale", path=path, scale=scale)
    height, width = shape[:2]
    mode = "L" if len(shape) == 2 else "RGB"
    settings |= {"image_size": (height, width), "image_mode": mode}
    note = ("brought_to_size", {"height": height, "width": width})
    return Given(material._replace(reading="image_folder"), settings, [note])
