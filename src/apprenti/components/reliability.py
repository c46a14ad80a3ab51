"""How far probabilities can be believed: what happened, against what was said (calibration)."""

from collections.abc import Sequence
from typing import NamedTuple

from apprenti.components.scale import Scale, bottom_axis, left_axis
from apprenti.components.svg import Box, Drawing, box, line, marker, path, text

WIDTH, HEIGHT, BELOW = 480.0, 380.0, 60.0


class Bin(NamedTuple):
    """Predictions that were about as sure; shares between 0 and 1."""

    said: float
    """How sure they were, on average."""
    seen: float
    """Which share of them came true."""
    low: float | None
    high: float | None
    rows: int


def reliability(
    name: str, title: str, description: str, bins: Sequence[Bin], axes: tuple[str, str, str]
) -> Drawing:
    """Draw a dot for each bin with its interval, and below how many predictions it holds.

    On the dashed line 70 of 100 predictions that are 70 % sure are right. `axes` name what was
    said, what was seen, and the bars below.
    """
    inside = Box(62, 30, WIDTH - 14, HEIGHT)
    x_of = Scale(-0.02, 1.02, inside.left, inside.right)
    y_of = Scale(-0.02, 1.02, inside.bottom, inside.top)
    shapes = [*left_axis(y_of, inside, axes[1]), *bottom_axis(x_of, inside, axes[0])]
    ends = (x_of(0), y_of(0)), (x_of(1), y_of(1))
    shapes.append(line(*ends, "axis strong", stroke_dasharray="6 4"))
    shapes.append(path([(x_of(one.said), y_of(one.seen)) for one in bins], "s1 line"))
    base, most = HEIGHT + 62 + BELOW, max((one.rows for one in bins), default=1)
    for one in bins:
        x = x_of(one.said)
        if one.low is not None and one.high is not None:
            low, high = y_of(one.low), y_of(one.high)
            shapes.append(line((x, low), (x, high), "s1 line"))
            shapes += [line((x - 5, y), (x + 5, y), "s1 line") for y in (low, high)]
        shapes.append(marker("circle", x, y_of(one.seen), "s1"))
        tall = BELOW * one.rows / max(1, most)
        shapes.append(box(x - 7, base - tall, 14, tall, "s5 fill"))
    shapes.append(line((inside.left, base), (inside.right, base), "axis"))
    shapes.append(text(inside.left, base + 17, axes[2]))
    return Drawing(name, title, description, WIDTH, base + 24, shapes)
