"""Small images as characters, side by side, where a terminal has block characters."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console

    from apprenti.evaluate.learned import Seen

    Array = np.ndarray[Any, Any]

BLOCKS = " ▀▄█"
"""Nothing, the upper half, the lower half, both: a character stands for two points."""

WIDTH, HEIGHT = 7, 4
"""Characters of an image."""

GAP = 1

INK = 0.4
"""From this share of the darkest point on, a point is drawn."""

LARGEST, LONGEST_NAME = 32, 2
"""Points of a side, and letters of the name of a class: more do not fit."""


def can_show(out: "Console", strip: Sequence["Seen"]) -> bool:
    """Say whether images are small and grey, and their classes short, and there are characters."""
    try:
        BLOCKS.encode(out.encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    names = {name for seen in strip for name in (seen.said.truth, seen.said.predicted)}
    shapes = {seen.image.shape for seen in strip}
    small = all(len(shape) == 2 and max(shape) <= LARGEST for shape in shapes)
    return bool(strip) and small and max(map(len, names)) <= LONGEST_NAME


def side_by_side(
    strip: Sequence["Seen"], labels: Sequence[Sequence[str]], columns: int
) -> list[str]:
    """Return the lines of images side by side, as many as fit, above their labels."""
    most = max(1, (columns + GAP) // (WIDTH + GAP))
    each = math.ceil(len(strip) / math.ceil(len(strip) / most))
    lines: list[str] = []
    for start in range(0, len(strip), each):
        images = [as_characters(seen.image) for seen in strip[start : start + each]]
        told = [[f"{text:^{WIDTH}}" for text in label] for label in labels[start : start + each]]
        lines += [_line(cells) for cells in zip(*images, strict=True)]
        lines += [_line(cells) for cells in zip(*told, strict=True)]
    return lines


def as_characters(image: "Array") -> list[str]:
    """Return what is drawn in an image, whatever is empty around it, as a few lines."""
    points = _resized(_drawn_part(image), (2 * HEIGHT, WIDTH))
    inked = (points >= INK * max(float(points.max()), 1e-9)).astype(int)
    pairs = inked[::2] + 2 * inked[1::2]
    return ["".join(BLOCKS[place] for place in line) for line in pairs]


def _line(cells: Sequence[str]) -> str:
    return (" " * GAP).join(cells).rstrip()


def _drawn_part(image: "Array") -> "Array":
    """Return the smallest square around what is drawn."""
    import numpy as np

    rows, columns = (np.flatnonzero(image.max(axis=axis) > INK) for axis in (1, 0))
    if not len(rows):
        return image
    drawn = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    missing = [max(drawn.shape) - side for side in drawn.shape]
    return np.pad(drawn, [(side // 2, side - side // 2) for side in missing])


def _resized(image: "Array", shape: tuple[int, int]) -> "Array":
    """Return an image of another shape, each point the mean of the area that it stands for."""
    rows, columns = (_shares(*sides) for sides in zip(shape, image.shape, strict=True))
    resized: Array = rows @ image @ columns.T
    return resized


def _shares(points: int, of: int) -> "Array":
    """Return which share each of `of` points has in each of so many others."""
    import numpy as np

    edges = np.linspace(0, of, points + 1)
    places = np.arange(of)
    ends = np.minimum(edges[1:, None], places + 1) - np.maximum(edges[:-1, None], places)
    overlap: Array = np.clip(ends, 0, None)
    overlap /= overlap.sum(axis=1, keepdims=True)
    return overlap
