"""A dot for each name, with the interval that holds it: models, measures, remedies, groups."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from apprenti.components.scale import Scale, bottom_axis, scale
from apprenti.components.svg import (
    Box,
    Drawing,
    Shape,
    cut,
    legend,
    line,
    marker,
    text,
    width_of,
)

WIDTH, LINE, LONGEST = 640.0, 26.0, 42


class Look(NamedTuple):
    """How a dot is drawn, and what that says."""

    colour: str
    marker: str
    meaning: str = ""


class Dot(NamedTuple):
    """One line: its name, its value, and the interval where there is one."""

    name: str
    value: float
    low: float | None
    high: float | None
    look: Look = Look("s1", "circle")


def intervals(
    name: str,
    title: str,
    description: str,
    rows: Sequence[Dot],
    axis: str,
    reference: float | None = None,
) -> Drawing:
    """Draw the dots, the first at the top; `reference` is a line that they are read against."""
    names = [cut(one.name, LONGEST) for one in rows]
    left = 24 + max((width_of(one) for one in names), default=0)
    inside = Box(left, 14, WIDTH - 24, 22 + LINE * len(rows))
    ends = [end for one in rows for end in (one.value, one.low, one.high) if end is not None]
    x_of = scale([*ends, *([] if reference is None else [reference])], inside.left, inside.right)
    shapes = bottom_axis(x_of, inside, axis)
    if reference is not None:
        at = x_of(reference)
        shapes.append(line((at, inside.top), (at, inside.bottom), "axis strong"))
    for place, one in enumerate(rows):
        y = inside.top + LINE * (place + 0.5)
        shapes.append(text(inside.left - 10, y + 4, names[place], text_anchor="end"))
        shapes += _interval(one, x_of, y, inside)
        if math.isfinite(one.value):
            shapes.append(marker(one.look.marker, x_of(one.value), y, one.look.colour, 5))
    looks = dict.fromkeys(one.look for one in rows if one.look.meaning)
    samples = [
        (
            look.meaning,
            [
                line((0, 0), (26, 0), f"{look.colour} line"),
                marker(look.marker, 13, 0, look.colour, 5),
            ],
        )
        for look in looks
    ]
    told, high = legend(samples, 12, inside.bottom + 58, WIDTH)
    return Drawing(name, title, description, WIDTH, inside.bottom + 48 + high, [*shapes, *told])


def _sample(look: Look) -> list[Shape]:
    middle = marker(look.marker, 13, 0, look.colour, 5)
    return [line((0, 0), (26, 0), f"{look.colour} line"), middle]


def _interval(one: Dot, x_of: Scale, y: float, inside: Box) -> list[Shape]:
    """Return the line of an interval with its two ends; an end that is not known is left open."""
    if one.low is None and one.high is None:
        return []
    colour = f"{one.look.colour} line"
    low = inside.left if one.low is None else x_of(one.low)
    high = inside.right if one.high is None else x_of(one.high)
    ends = [x for x, end in ((low, one.low), (high, one.high)) if end is not None]
    return [
        line((low, y), (high, y), colour),
        *(line((x, y - 6), (x, y + 6), colour) for x in ends),
    ]
