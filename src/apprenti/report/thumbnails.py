"""Images of the data as small pictures inside the page, so that it stays small itself."""

import io
from typing import TYPE_CHECKING, Any

from apprenti.components.blocks import Picture
from apprenti.data.describe.examples import drawable
from apprenti.evaluate.evaluation import OfClasses
from apprenti.language import say

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LARGEST = 96
"""Points at most on each side."""


def of_mistakes(found: OfClasses) -> list[Picture]:
    """Return the worst mistakes as pictures; none where the rows are no images."""
    made = []
    for one in found.worst:
        row = found.rows.rows.get(one.row)
        if row is None or row.image is None:
            continue
        names = {"truth": one.truth, "predicted": one.predicted, "row": one.row}
        words = say("evaluate.mistakes.image", **names, sure=100 * one.confidence)
        made.append(Picture(as_png(drawable(row.image)), words.replace("\n", " "), words))
    return made


def as_png(image: "Array") -> bytes:
    """Return an image between 0 and 1 as a PNG; of grey, 1 is ink, as in all our pictures."""
    import numpy as np
    from PIL import Image

    grey = image.ndim == 2
    points = np.round(255 * (1 - image if grey else image)).astype(np.uint8)
    picture = Image.fromarray(points)
    picture.thumbnail((LARGEST, LARGEST))
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
