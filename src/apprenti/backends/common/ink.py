"""Ink: what is drawn on a page, whatever the light, the colours and the size."""

from typing import NamedTuple

import numpy as np
from PIL import Image, ImageFilter, ImageStat


class Ink(NamedTuple):
    shape: np.ndarray  # where it is, in a small copy of the image
    page: np.ndarray  # how light the page is there
    dark: bool  # on a light page, or light on a dark one
    stands_out: float  # how many times more than whatever else is on the page
    cut: bool = False  # whether it reaches the border of the image
    side_by_side: int = 0  # how many things are side by side


def one_shade(image: Image.Image) -> Image.Image:
    """Return an image in shades: of its colours the one that tells ink and page apart the most."""
    if image.has_transparency_data:
        image = image.convert("RGBA")
        opaque = image.getchannel("A").point(lambda alpha: 255 * (alpha > 127))
        # What is transparent becomes a page on which the rest can be seen
        light = opaque.getbbox() and ImageStat.Stat(image.convert("L"), opaque).mean[0] > 127
        page = Image.new("RGBA", image.size, "black" if light else "white")
        image = Image.alpha_composite(page, image)
    if image.mode == "L":
        return image
    colours = image.convert("RGB").split()
    return max(colours, key=lambda colour: ImageStat.Stat(colour).stddev[0])


def find_ink(small: Image.Image) -> Ink:
    """Return the ink: of what is dark and what is light, that which covers less of the page."""
    ways = []
    for dark in (True, False):
        points = np.asarray(small, np.float32)
        page = page_of(points) if dark else 255 - page_of(255 - points)
        shades = tones(points, page, 0 if dark else 255)
        shape = shades > threshold(shades)
        inside = shades[shape].mean() if shape.any() else 0.0
        # Without ink there is almost no difference, except the grain of the page
        grain = np.median(abs(points - page)) / max(1, abs((0 if dark else 255) - page).mean())
        shape &= inside > max(0.1, 6 * grain)
        around = Image.fromarray(shape).convert("L").filter(ImageFilter.MaxFilter(5))
        others = shades[np.asarray(around) == 0]
        spread = others.std() if others.size else 1.0
        ways.append(Ink(shape, page, dark, float(inside / max(spread, 0.01))))
    ink = min(ways, key=lambda ink: ink.shape.mean() or 1)
    return without_specks(ink) if ink.shape.any() else ink


def page_of(points: np.ndarray) -> np.ndarray:
    """Return how light the page is behind dark ink: light may fall on it unevenly."""
    y, x = np.indices(points.shape) / max(points.shape)
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    paper, wide = points >= 0, max(points.shape) // 6
    # First a smooth slope, from every third point; what is much darker is not the page
    for _ in range(4):
        some = np.zeros_like(paper)
        some[::3, ::3] = paper[::3, ::3]
        slope = terms @ np.linalg.lstsq(terms[some], points[some], rcond=None)[0]
        slope = np.maximum(slope, 1)
        paper = points > 0.9 * slope
    # Then the surroundings of each point: a shadow may have an edge
    level = points / slope
    page = mean_around(level, paper, wide)
    return slope * mean_around(level, level > 0.9 * page, wide)


def mean_around(points: np.ndarray, counts: np.ndarray, wide: int) -> np.ndarray:
    """Return for each point the mean of those around it that count; where none does, of all."""
    mean = (points * counts).sum() / max(1, counts.sum())
    sums = sums_around(points * counts, wide) + 0.01 * mean
    return sums / (sums_around(counts, wide) + 0.01)


def sums_around(values: np.ndarray, wide: int) -> np.ndarray:
    """Return for each point the sum of those that are no further away than so many points."""
    added = np.pad(values, ((1, 0), (1, 0))).cumsum(0, np.float64).cumsum(1)
    for axis, size in enumerate(values.shape):
        first = np.clip(np.arange(size) - wide, 0, size)
        last = np.clip(np.arange(size) + wide + 1, 0, size)
        added = added.take(last, axis) - added.take(first, axis)
    return added


def tones(points: np.ndarray, page, ink) -> np.ndarray:
    """Return 0 for the page, 1 for the darkest ink (or the lightest) that there could be on it."""
    page = np.asarray(page, np.float32)
    return np.clip((points - page) / np.where(page == ink, 1, ink - page), 0, 1)


def threshold(shades: np.ndarray) -> float:
    """Return the value that parts ink from page so that both vary the least (Otsu, 1979)."""
    counts, edges = np.histogram(shades, 64, (0, 1))
    below, sums = np.cumsum(counts), np.cumsum(counts * edges[:-1])
    above = below[-1] - below
    apart = sums / np.maximum(below, 1) - (sums[-1] - sums) / np.maximum(above, 1)
    return float(edges[1 + np.argmax(below * above * apart**2)])


def without_specks(ink: Ink) -> Ink:
    """Return the ink but for specks, and for what only comes in from the border."""
    numbers = pieces(ink.shape)
    names, sizes = np.unique(numbers[ink.shape], return_counts=True)
    large = sizes > 0.04 * sizes.max()
    names, sizes = names[large], sizes[large]
    borders = np.concatenate([numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]])
    cut = np.isin(names, borders)
    # The edge of a table, or a shadow; a drawing is more than the little that is left beside it
    if cut.any() and sizes[~cut].sum() > 0.3 * sizes[cut].sum():
        names, cut = names[~cut], cut[~cut]
    boxes = [box_of(numbers == name) for name in names]
    shape = np.isin(numbers, names) & ink.shape
    return ink._replace(shape=shape, cut=bool(cut.any()), side_by_side=count_beside(boxes))


def pieces(shape: np.ndarray) -> np.ndarray:
    """Return a number for each piece of ink, the same at all its points; 0 is the page."""
    numbers = np.where(shape, np.arange(1, shape.size + 1).reshape(shape.shape), 0)
    while True:
        # Each point takes the largest number beside it, then what the point of that number took
        beside = Image.fromarray(numbers.astype(np.int32)).filter(ImageFilter.MaxFilter(3))
        taken = np.append(0, beside)
        spread = np.where(shape, taken[np.asarray(beside)], 0)
        if (spread == numbers).all():
            return numbers
        numbers = spread


def count_beside(boxes: list[tuple[int, int, int, int]]) -> int:
    """Return how many things stand side by side; a piece above or below another belongs to it."""
    groups: list[list[int]] = []
    for left, top, right, bottom in sorted(boxes):
        if groups and left < groups[-1][2] - 0.2 * min(right - left, groups[-1][2] - groups[-1][0]):
            x, y, end, low = groups.pop()
            left, top, right, bottom = x, min(y, top), max(end, right), max(low, bottom)
        groups.append([left, top, right, bottom])
    heights = np.array([bottom - top for _, top, _, bottom in groups])
    return int((heights > heights.max() / 2).sum())


def box_of(shape: np.ndarray) -> tuple[int, int, int, int]:
    """Return where the ink is: left, top, right, bottom."""
    columns, rows = np.flatnonzero(shape.any(0)), np.flatnonzero(shape.any(1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
