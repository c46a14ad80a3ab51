"""A table in which no word is broken: what is too wide wraps, or leaves columns out."""

import copy
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.measure import Measurement
from rich.table import Column, Table
from rich.text import Text

WIDEST = 1000

BREAKS = re.compile(r"[ \n\t]+")
"""Where a line may end."""


class WholeWords(Table):
    """Rich breaks or cuts words that are wider than their column; here no column is so narrow.

    Where all of them together are too wide, those at the places `spare` are left out one after the
    other, the first first; when there is none left, Rich cuts.
    """

    def __init__(self, *, spare: Sequence[int] = (), **look: Any) -> None:
        super().__init__(**look)
        self.spare = spare

    def narrowest(self, console: Console) -> int:
        """Return how much room all the columns take with no word broken."""
        ranges = self._ranges(console)
        return sum(one.minimum for one in ranges) + self._gap * (len(ranges) - 1)

    @property
    def _gap(self) -> int:
        return self.padding[1] + self.padding[3]

    def _ranges(self, console: Console) -> list[Measurement]:
        return [_range(console, console.options, column) for column in self.columns]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        ranges = self._ranges(console)
        kept = list(range(len(ranges)))
        gap = self._gap
        for place in self.spare:
            if sum(ranges[k].minimum for k in kept) + gap * (len(kept) - 1) <= options.max_width:
                break
            kept.remove(place)
        widths = _widths([ranges[k] for k in kept], options.max_width - gap * (len(kept) - 1))
        # The same table may be printed elsewhere, where there is more room
        table = copy.copy(self)
        table.columns = [
            replace(self.columns[place], _index=number, width=width)
            for number, (place, width) in enumerate(zip(kept, widths, strict=True))
        ]
        yield from Table.__rich_console__(table, console, options)


def _range(console: Console, options: ConsoleOptions, column: Column) -> Measurement:
    """Return the width of a column's longest word, and of its longest line."""
    cells: list[RenderableType] = [column.header, *column.cells]
    wide = options.update(width=WIDEST)
    longest = max(Measurement.get(console, wide, cell).maximum for cell in cells)
    return Measurement(
        longest if column.no_wrap else max(_longest_word(console, wide, one) for one in cells),
        longest,
    )


def _longest_word(console: Console, options: ConsoleOptions, cell: RenderableType) -> int:
    """Return the width of a cell's longest word; Rich takes a no-break space for its end."""
    text = console.render_str(cell) if isinstance(cell, str) else cell
    if not isinstance(text, Text):
        return Measurement.get(console, options, cell).minimum
    return max(cell_len(word) for word in BREAKS.split(text.plain))


def _widths(ranges: Sequence[Measurement], room: int) -> list[int | None]:
    """Return how wide each column is, the widest made narrower; None where Rich is to decide."""
    widths = [one.maximum for one in ranges]
    if sum(widths) <= room or sum(one.minimum for one in ranges) > room:
        return [None] * len(widths)
    while sum(widths) > room:
        spare = [place for place, one in enumerate(ranges) if widths[place] > one.minimum]
        widths[max(spare, key=lambda place: widths[place])] -= 1
    return list(widths)
