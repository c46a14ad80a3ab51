"""Bars side by side: a number for each name, and for each of a few groups."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from apprenti.components.svg import Box, Drawing, box, cut, legend, line, text, width_of

WIDTH, BAR, GAP, LONGEST = 640.0, 15.0, 9.0, 36
LOOKS = ("s1 fill", "s2 fill striped", "s3 fill", "s4 fill striped")


class Bars(NamedTuple):
    """The bars of one name: a value for each group, and how it is written."""

    name: str
    values: Sequence[float]
    written: Sequence[str]


def bars(
    name: str, title: str, description: str, rows: Sequence[Bars], groups: Sequence[str]
) -> Drawing:
    """Draw horizontal bars from 0, each with its number; of one group the name is not told."""
    names = [cut(one.name, LONGEST) for one in rows]
    written = [words for one in rows for words in one.written]
    left = 24 + max(map(width_of, names), default=0)
    room = 14 + max(map(width_of, written), default=0)
    inside = Box(left, 8, WIDTH - room, 8)
    values = [one for row in rows for one in row.values if math.isfinite(one)]
    low, high = min([0.0, *values]), max([0.0, *values])
    unit = (inside.right - inside.left) / ((high - low) or 1)
    zero, shapes, y = inside.left - low * unit, [], inside.top
    for one, called in zip(rows, names, strict=True):
        middle = y + BAR * len(one.values) / 2
        shapes.append(text(inside.left - 10, middle + 4, called, text_anchor="end"))
        for place, value in enumerate(one.values):
            if math.isfinite(value):
                length = value * unit
                shapes.append(
                    box(zero + min(0, length), y + 1, abs(length), BAR - 2, LOOKS[place % 4])
                )
                shapes.append(text(zero + max(0, length) + 6, y + 12, one.written[place]))
            y += BAR
        y += GAP
    shapes.append(line((zero, inside.top - 4), (zero, y - GAP + 4), "axis"))
    samples = [(cut(one, 40), [box(0, -6, 26, 12, LOOKS[p % 4])]) for p, one in enumerate(groups)]
    told, tall = legend(samples if len(groups) > 1 else [], 12, y + 14, WIDTH)
    return Drawing(name, title, description, WIDTH, y + tall + 4, [*shapes, *told])
