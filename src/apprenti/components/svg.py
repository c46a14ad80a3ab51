"""A drawing as plain shapes, written as SVG by a template: escaped in one place, read by anyone.

A drawing has a title and a description for whoever does not see it; its colours are classes (s1 to
s6, line, quiet) which style.css gives in light and in dark. Two things are never told apart by
their colour alone: dashes, markers or words tell them too.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

SIGN = 6.6
"""How wide a letter of the labels is, on average."""


class Shape(NamedTuple):
    """One element: its tag, its attributes, the text in it."""

    tag: str
    attributes: Mapping[str, object]
    text: str = ""


class Drawing(NamedTuple):
    """A picture made of shapes; `name` tells it from the others of its page."""

    name: str
    title: str
    description: str
    width: float
    height: float
    shapes: Sequence[Shape]


class Box(NamedTuple):
    """The part of a drawing in which values stand."""

    left: float
    top: float
    right: float
    bottom: float


def write(drawing: Drawing) -> str:
    """Return a drawing as SVG, safe to stand in a page."""
    from apprenti.components.page import template

    return template("drawing.svg").render(
        drawing=drawing._replace(shapes=[_rounded(shape) for shape in drawing.shapes])
    )


def _rounded(shape: Shape) -> Shape:
    return shape._replace(attributes={name: short(one) for name, one in shape.attributes.items()})


def short(value: object) -> str:
    """Return a coordinate to a tenth, without what need not be written."""
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def line(start: tuple[float, float], end: tuple[float, float], look: str, **more: object) -> Shape:
    """Return a straight line."""
    ends = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    return Shape("line", {**ends, "class": look, **_named(more)})


def text(x: float, y: float, words: str, look: str = "label", **more: object) -> Shape:
    """Return words at a place."""
    return Shape("text", {"x": x, "y": y, "class": look, **_named(more)}, words)


def box(x: float, y: float, width: float, height: float, look: str, **more: object) -> Shape:
    """Return a filled rectangle."""
    sides = {"x": x, "y": y, "width": max(0.0, width), "height": max(0.0, height)}
    return Shape("rect", {**sides, "class": look, **_named(more)})


MARKERS = ("circle", "square", "diamond", "triangle", "hollow circle", "hollow square")


def marker(kind: str, x: float, y: float, look: str, size: float = 4) -> Shape:
    """Return a small sign; a hollow one has the colour of the page inside."""
    hollow, _, form = kind.rpartition(" ")
    looks = {"class": f"{look} {'hollow' if hollow else 'solid'}"}
    if form == "circle":
        return Shape("circle", {"cx": x, "cy": y, "r": size, **looks})
    if form == "square":
        sides = {"x": x - size, "y": y - size, "width": 2 * size, "height": 2 * size}
        return Shape("rect", {**sides, **looks})
    corners = {
        "diamond": ((0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)),
        "triangle": ((0, -1.2), (1.2, 1), (-1.2, 1)),
    }[form]
    points = " ".join(f"{short(x + size * a)},{short(y + size * b)}" for a, b in corners)
    return Shape("polygon", {"points": points, **looks})


def path(points: Sequence[tuple[float, float]], look: str, **more: object) -> Shape:
    """Return a line through points."""
    steps = " ".join(
        f"{'L' if place else 'M'}{short(float(x))} {short(float(y))}"
        for place, (x, y) in enumerate(points)
    )
    return Shape("path", {"d": steps, "class": look, **_named(more)})


def dots(points: Sequence[tuple[float, float]], look: str) -> Shape:
    """Return many dots as one short shape."""
    steps = "".join(f"M{short(float(x))} {short(float(y))}h0" for x, y in points)
    return Shape("path", {"d": steps, "class": f"{look} dots"})


def width_of(words: str) -> float:
    """Return about how wide words are."""
    return SIGN * len(words)


def cut(words: str, longest: int) -> str:
    """Return a text in one line, no longer than so many letters."""
    words = " ".join(words.split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


def legend(
    entries: Sequence[tuple[str, Sequence[Shape]]], left: float, top: float, right: float
) -> tuple[list[Shape], float]:
    """Return samples with their names, line by line, and how high they are together.

    The shapes of a sample are drawn around (0, 0), 26 wide.
    """
    shapes: list[Shape] = []
    x, y = left, top
    for name, sample in entries:
        wide = 34 + width_of(name) + 16
        if x > left and x + wide > right:
            x, y = left, y + 18
        move = f"translate({short(float(x))} {short(float(y))})"
        shapes += [one._replace(attributes={**one.attributes, "transform": move}) for one in sample]
        shapes.append(text(x + 32, y + 4, name))
        x += wide
    return shapes, (y - top + 18 if entries else 0)


def _named(more: Mapping[str, object]) -> dict[str, object]:
    """Return attributes under their SVG names: text_anchor is text-anchor."""
    return {name.rstrip("_").replace("_", "-"): value for name, value in more.items()}
