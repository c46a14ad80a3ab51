"""Counts of rows and columns that have the same names: a confusion matrix."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from apprenti.components.svg import Drawing, Shape, box, cut, text, width_of
from apprenti.language import say

SHADES = 5
"""Steps of a shade; style.css has a background and an ink for each of them."""

SMALLEST = 0.04
"""The share up to which the shades of mistakes go at least."""

WITH_NUMBERS, LONGEST = 20, 18
WIDEST = 560.0


def heatmap(
    name: str,
    title: str,
    description: str,
    names: Sequence[str],
    counts: Sequence[Sequence[int]],
    axes: tuple[str, str],
) -> Drawing:
    """Draw a cell for each pair: what is right is blue, what is wrong orange, darker for more.

    `axes` are the names of the columns and of the rows. The shades are shares of each row; those of
    the mistakes go up to the largest of them, or they would not be seen.
    """
    labels = [cut(one, LONGEST) for one in names]
    side = min(64.0, max(4.0, (WIDEST - 120) / max(1, len(names))))
    grid = _grid(labels, side)
    shapes = [*_cells(counts, grid), *_names(labels, grid)]
    end = len(names) * side
    shapes.append(text(grid.left + end / 2, 14, axes[0], text_anchor="middle"))
    x, y = 12, grid.top + end / 2
    turned = f"rotate(-90 {x} {y:.1f})"
    shapes.append(text(x, y, axes[1], text_anchor="middle", transform=turned))
    wide = max(grid.left + end + 12, grid.left + end / 2 + width_of(axes[0]) / 2 + 8)
    high = max(grid.top + end, 30 + width_of(axes[1])) + 6
    return Drawing(name, title, description, wide, high, shapes)


class Grid(NamedTuple):
    """Where the cells stand; `is_named` if their names have room, `upright` if turned."""

    left: float
    top: float
    side: float
    is_named: bool
    upright: bool


def _grid(labels: Sequence[str], side: float) -> Grid:
    longest = max(map(width_of, labels), default=0)
    is_named = side >= 13
    upright = is_named and longest > side - 6
    left = 34 + (longest if is_named else 0)
    top = 30 + (0 if not is_named else longest if upright else 16)
    return Grid(left, top, side, is_named, upright)


def _cells(counts: Sequence[Sequence[int]], grid: Grid) -> Iterator[Shape]:
    shares = [[one / max(1, sum(row)) for one in row] for row in counts]
    wrong = [one for i, row in enumerate(shares) for j, one in enumerate(row) if i != j]
    largest = max([SMALLEST, *(1.2 * one for one in wrong)])
    for i, row in enumerate(shares):
        for j, share in enumerate(row):
            x, y = grid.left + j * grid.side, grid.top + i * grid.side
            shade = share if i == j else share / largest
            is_numbered = len(counts) <= WITH_NUMBERS
            yield from _cell(
                box(x, y, grid.side, grid.side, ""), counts[i][j], i == j, shade, is_numbered
            )


def _names(labels: Sequence[str], grid: Grid) -> Iterator[Shape]:
    for place, label in enumerate(labels if grid.is_named else ()):
        middle = (place + 0.5) * grid.side
        yield text(grid.left - 8, grid.top + middle + 4, label, text_anchor="end")
        x, y = grid.left + middle, grid.top - 8
        if grid.upright:
            yield text(x + 4, y, label, transform=f"rotate(-90 {x + 4:.1f} {y:.1f})")
        else:
            yield text(x, y, label, text_anchor="middle")


def _cell(
    square: Shape, count: int, right: bool, shade: float, is_numbered: bool
) -> Iterator[Shape]:
    is_empty = not count and not right
    look = f"{'right' if right else 'wrong'}{min(SHADES - 1, int(max(0.0, shade) * SHADES))}"
    place: dict[str, Any] = dict(square.attributes)
    yield Shape("rect", {**place, "class": f"cell {'empty' if is_empty else look}"})
    if is_numbered and not is_empty:
        words, side = say("words.shape.count", value=count), place["width"]
        size = round(min(13.0, 1.5 * side / max(1, len(words))), 1)
        at = place["x"] + side / 2, place["y"] + side / 2 + 4
        yield text(*at, words, f"label on-{look}", text_anchor="middle", font_size=size)
