"""Dots over two axes: what was predicted against what is true, and by how much it was off."""

from collections.abc import Sequence

from apprenti.components.scale import bottom_axis, left_axis, scale
from apprenti.components.svg import Box, Drawing, cut, dots, line, marker

WIDTH, HEIGHT = 560.0, 420.0
MOST = 2000
"""So many dots are drawn at most: every second, third… of more."""


def scatter(
    name: str,
    title: str,
    description: str,
    points: Sequence[tuple[float, float]],
    axes: tuple[str, str],
    *,
    diagonal: bool = False,
    level: float | None = None,
    marked: Sequence[tuple[float, float]] = (),
) -> Drawing:
    """Draw dots; the `diagonal` is where both are the same, `level` a line at one height."""
    inside = Box(70, 30, WIDTH - 14, HEIGHT)
    across, up = [x for x, _ in points], [y for _, y in points]
    shared = [*across, *up] if diagonal else []
    x_of = scale([*across, *shared], inside.left, inside.right)
    y_of = scale([*up, *shared, *([] if level is None else [level])], inside.bottom, inside.top)
    shapes = [
        *left_axis(y_of, inside, cut(axes[1], 60)),
        *bottom_axis(x_of, inside, cut(axes[0], 70)),
    ]
    if diagonal:
        ends = min(shared, default=0.0), max(shared, default=1.0)
        start, end = ((x_of(value), y_of(value)) for value in ends)
        shapes.append(line(start, end, "axis strong", stroke_dasharray="6 4"))
    if level is not None:
        at = y_of(level)
        shapes.append(line((inside.left, at), (inside.right, at), "axis strong"))
    shown = points[:: 1 + (len(points) - 1) // MOST] if points else points
    shapes.append(dots([(x_of(x), y_of(y)) for x, y in shown], "s1"))
    shapes += [marker("hollow circle", x_of(x), y_of(y), "s2", 6) for x, y in marked]
    return Drawing(name, title, description, WIDTH, HEIGHT + 48, shapes)
