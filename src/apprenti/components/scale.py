"""From values to places in a drawing, with round numbers beside the axis."""

import itertools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from apprenti.components.svg import Box, Shape, line, text, width_of
from apprenti.language import FRENCH_NUMBER, current


class Scale(NamedTuple):
    """The values `low` to `high` over the places `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


def scale(
    values: Iterable[float], start: float, end: float, room: float = 0.04, whole: bool = False
) -> Scale:
    """Return the scale on which all these values have a place, with some room at both ends."""
    known = [value for value in values if math.isfinite(value)]
    low, high = min(known, default=0.0), max(known, default=1.0)
    if low == high:
        half = 0.5 if whole else max(abs(low) * 0.05, 1e-3)
        low, high = low - half, high + half
    spare = room * (high - low)
    return Scale(low - spare, high + spare, start, end)


def ticks(of: Scale, most: int = 6, whole: bool = False) -> list[float]:
    """Return round values between the ends of a scale."""
    step = _step((of.high - of.low) / max(1, most - 1), whole)
    first = math.ceil(of.low / step - 1e-9)
    last = math.floor(of.high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def _step(least: float, whole: bool) -> float:
    """Return the smallest of 1, 2, 2.5, 5, 10, 20… that is not below; a whole one if asked for."""
    least = max(1.0, least) if whole else least
    power = 10.0 ** math.floor(math.log10(least))
    steps = (factor * power for factor in (1, 2, 2.5, 5, 10))
    return next(step for step in steps if step >= least * (1 - 1e-9) and not (whole and step % 1))


def in_words(values: Sequence[float]) -> list[str]:
    """Return numbers with the decimals that tell them apart, in the usage of the language."""
    if not values:
        return []
    steps = [abs(b - a) for a, b in itertools.pairwise(values) if b != a]
    least = min(steps, default=abs(values[0]) or 1.0)
    largest = max(map(abs, values))
    if largest and not 1e-5 <= largest < 1e9:
        return [number(f"{value:.3g}") for value in values]
    decimals = max(0, min(8, -math.floor(math.log10(least) + 1e-9)))
    if any(abs(round(value, decimals) - value) > 1e-9 * max(1, abs(value)) for value in values):
        decimals += 1
    return [number(f"{value + 0.0:,.{decimals}f}") for value in values]


def number(written: str) -> str:
    """Return a number that is written in the usage of the language: 1,234.5 or 1 234,5."""
    return written.translate(FRENCH_NUMBER) if current() == "fr" else written


def bottom_axis(of: Scale, inside: Box, title: str, whole: bool = False) -> list[Shape]:
    """Return the axis below: its line, its numbers, and what they are."""
    places = ticks(of, max(2, int((inside.right - inside.left) / 62)), whole)
    shapes = [line((inside.left, inside.bottom), (inside.right, inside.bottom), "axis")]
    for value, words in zip(places, in_words(places), strict=True):
        x = of(value)
        shapes.append(line((x, inside.top), (x, inside.bottom), "grid"))
        shapes.append(text(x, inside.bottom + 17, words, text_anchor="middle"))
    middle, half = (inside.left + inside.right) / 2, width_of(title) / 2
    # A long title ends where the axis does, and begins far to the left of it
    at, anchor = (middle, "middle") if middle + half <= inside.right else (inside.right, "end")
    shapes.append(text(at, inside.bottom + 36, title, text_anchor=anchor))
    return shapes


def left_axis(of: Scale, inside: Box, title: str) -> list[Shape]:
    """Return the axis at the left; what its numbers are stands above it."""
    places = ticks(of, max(2, int((inside.bottom - inside.top) / 42)))
    shapes = []
    for value, words in zip(places, in_words(places), strict=True):
        y = of(value)
        shapes.append(line((inside.left, y), (inside.right, y), "grid"))
        shapes.append(text(inside.left - 8, y + 4, words, text_anchor="end"))
    shapes.append(text(inside.left - 52, inside.top - 12, title))
    return shapes
