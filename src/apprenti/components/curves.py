"""Lines over an axis: how a training went, epoch by epoch."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from apprenti.components.scale import Scale, bottom_axis, left_axis, scale
from apprenti.components.svg import Box, Drawing, Shape, cut, legend, line, marker, path

LOOKS = ("s1", "s2", "s3", "s4", "s5", "s6")
DASHES = ("", "7 4", "2 4", "10 3 2 3")
WIDTH, HEIGHT = 640.0, 280.0
MOST_MARKED = 30
"""Up to so many points each has its marker."""


class Line(NamedTuple):
    """One line: its points, and how it looks."""

    name: str
    points: Sequence[tuple[float, float]]
    look: int = 0
    """Its colour and its marker."""
    dash: int = 0
    is_level: bool = False
    """One value that stands for every place, such as that of a model trained in one call."""
    ring: float | None = None
    """The place that is ringed: that of the epoch whose model is kept."""


def curves(
    name: str,
    title: str,
    description: str,
    lines: Sequence[Line],
    across: str,
    up: str,
    whole: bool = True,
) -> Drawing:
    """Draw lines; a value that is no number leaves a gap; places such as epochs are `whole`."""
    inside = Box(62, 30, WIDTH - 12, HEIGHT)
    known = [point for one in lines for point in one.points if all(map(math.isfinite, point))]
    places = [x for one in lines if not one.is_level for x, _ in one.points]
    x_of = scale(places, inside.left, inside.right, room=0.02, whole=whole)
    y_of = scale((y for _, y in known), inside.bottom, inside.top)
    shapes = [*left_axis(y_of, inside, up), *bottom_axis(x_of, inside, across, whole=whole)]
    for one in lines:
        shapes += _line(one, x_of, y_of, inside)
    samples = [(cut(one.name, 60), list(_sample(one))) for one in lines]
    told, high = legend(samples, inside.left, HEIGHT + 58, WIDTH)
    return Drawing(name, title, description, WIDTH, HEIGHT + 52 + high, [*shapes, *told])


def _line(one: Line, x_of: Scale, y_of: Scale, inside: Box) -> Iterator[Shape]:
    look, dash = LOOKS[one.look % len(LOOKS)], DASHES[one.dash % len(DASHES)]
    if one.is_level:
        values = [y for _, y in one.points if math.isfinite(y)]
        for y in [y_of(value) for value in values[-1:]]:
            yield line((inside.left, y), (inside.right, y), f"{look} line", stroke_dasharray="2 4")
        return
    for piece in _pieces(one.points):
        placed = [(x_of(x), y_of(y)) for x, y in piece]
        yield path(placed, f"{look} line", **({"stroke_dasharray": dash} if dash else {}))
        if not one.dash and len(one.points) <= MOST_MARKED:
            yield from (marker(_marker(one.look), x, y, look, 3) for x, y in placed)
    for x, y in one.points:
        if x == one.ring and math.isfinite(y):
            yield Shape("circle", {"cx": x_of(x), "cy": y_of(y), "r": 8.0, "class": f"{look} line"})


def _pieces(points: Sequence[tuple[float, float]]) -> Iterator[list[tuple[float, float]]]:
    """Yield the stretches without a gap."""
    piece: list[tuple[float, float]] = []
    for point in points:
        if all(map(math.isfinite, point)):
            piece.append(point)
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece


def _marker(look: int) -> str:
    return ("circle", "square", "diamond", "triangle")[look % 4]


def _sample(one: Line) -> Iterator[Shape]:
    look = LOOKS[one.look % len(LOOKS)]
    dash = "2 4" if one.is_level else DASHES[one.dash % len(DASHES)]
    yield line((0, 0), (26, 0), f"{look} line", **({"stroke_dasharray": dash} if dash else {}))
    if not one.dash and not one.is_level:
        yield marker(_marker(one.look), 13, 0, look, 3)
