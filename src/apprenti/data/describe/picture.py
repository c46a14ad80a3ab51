"""A table as one picture: the target, the columns most related to it, correlations, gaps.

Drawn from the rows that are described: those of the test part are not in it.
"""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.data.describe.description import Column, Description, plain, without_test
from apprenti.data.describe.relation import DATES, WORDS, as_values
from apprenti.data.source import Table
from apprenti.drawing import our_settings
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_COLUMNS = 12
ACROSS = 4
MOST_BARS = 8
MOST_CLASSES = 5
"""With more classes a column is drawn in one colour: they could not be told apart."""

LONGEST_NAME = 18
BINS = 24

COLOURS = ("#1864ab", "#d9480f", "#2b8a3e", "#862e9c", "#e8a400")
PLAIN_COLOUR, OTHER_COLOUR = "#4c78a8", "#adb5bd"


def draw(
    table: Table,
    description: Description,
    path: Path,
    parts: "np.ndarray[Any, Any] | None" = None,
) -> Path:
    """Write the picture of a table as a PNG."""
    import numpy as np

    # Numbers near the largest there are have no area that can be computed
    with np.errstate(all="ignore"), our_settings():
        return save(_figure(table, description, parts), path)


def _figure(
    table: Table, description: Description, parts: "np.ndarray[Any, Any] | None"
) -> "Figure":
    from matplotlib.figure import Figure

    frame = plain(without_test(table.frame, parts))
    inputs = [c for c in description.columns if c.kind not in ("target", "left_out")]
    shown = sorted(inputs, key=lambda column: -(column.relation or 0))[:MOST_COLUMNS]
    rows = math.ceil(len(shown) / ACROSS)
    height = 4.4 + 2.5 * rows
    figure = Figure(figsize=(13, height), layout="constrained")
    # Below, half an inch for the names of the classes
    room = 0.5 / height if 1 < len(description.classes) <= MOST_CLASSES else 0.005
    layout: Any = figure.get_layout_engine()
    layout.set(rect=(0.005, room, 0.99, 0.99 - room), w_pad=0.08, h_pad=0.08)
    halves: Any = figure.subfigures(2, 1, height_ratios=[4.2, 2.5 * rows])
    upper, lower = halves
    _overview(upper, frame, description)
    groups = _groups(frame, description)
    grid = list(lower.subplots(rows, ACROSS, squeeze=False).flat)
    for axes, column in zip(grid, shown, strict=False):
        _draw_column(axes, frame[column.name], column, groups)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    lower.suptitle(_title(description, len(shown), len(inputs)), fontsize="medium")
    if groups:
        names = grid[0].get_legend_handles_labels()
        figure.legend(*names, loc="lower center", ncols=len(groups), frameon=False)
    return figure


def save(figure: "Figure", path: Path) -> Path:
    """Write a figure as a PNG: the whole of it, or nothing."""
    import numpy as np

    with np.errstate(all="ignore"):
        return drawing.save(figure, path, dpi=110)


def _title(description: Description, shown: int, inputs: int) -> str:
    key = "data.columns_by" if description.task == "classification" else "data.columns_of"
    key = key if len(description.classes) <= MOST_CLASSES else "data.columns_of"
    return say(key, shown=shown, inputs=inputs, target=_plain_name(description.target))


# Above: the target, the correlations, the gaps


def _overview(upper: Any, frame: "pd.DataFrame", description: Description) -> None:
    gappy = sorted(
        (column for column in description.columns if column.missing),
        key=lambda column: -column.missing_share,
    )
    correlated = len(description.correlations.names) > 1
    widths = [1.0] + [1.25] * correlated + [0.9] * bool(gappy)
    panels = list(upper.subplots(1, len(widths), width_ratios=widths, squeeze=False).flat)
    _draw_target(panels.pop(0), description)
    if correlated:
        _draw_correlations(panels.pop(0), description)
    if gappy:
        _draw_gaps(panels.pop(0), gappy[:MOST_COLUMNS])


def _draw_target(axes: "Axes", description: Description) -> None:
    target = next(column for column in description.columns if column.kind == "target")
    if description.classes:
        several = len(description.classes) <= MOST_CLASSES
        colours = COLOURS if several else (PLAIN_COLOUR,)
        _bars(axes, description.classes, colours)
    elif target.histogram:
        edges, counts = target.histogram.edges, target.histogram.counts
        axes.stairs(counts, edges, fill=True, color=PLAIN_COLOUR)
        axes.axvline(target.median or 0, color="black", linestyle="--", linewidth=1)
        axes.set_xlabel(say("data.picture_median", value=target.median))
        axes.set_ylabel(say("data.axis_rows"))
    axes.set_title(say("data.picture_target", name=_plain_name(description.target)))
    _clean(axes)


def _bars(axes: "Axes", counts: tuple[tuple[str, int], ...], colours: tuple[str, ...]) -> None:
    """Draw rows by category, lying, the first on top; what is beyond the first few is one bar."""
    named = list(counts[: MOST_BARS + 2])
    left = counts[MOST_BARS + 2 :]
    if left:
        named.append((say("data.others", count=len(left)), sum(rows for _, rows in left)))
    paint = [colours[place % len(colours)] for place in range(len(named))]
    if left:
        paint[-1] = OTHER_COLOUR
    places = range(len(named))
    bars = axes.barh(places, [rows for _, rows in named], color=paint)
    axes.bar_label(bars, [say("words.shape.count", value=rows) for _, rows in named], padding=3)
    axes.set_yticks(places, [_short(name) for name, _ in named])
    axes.invert_yaxis()
    axes.margins(x=0.18)
    axes.set_xlabel(say("data.axis_rows"))


def _draw_correlations(axes: "Axes", description: Description) -> None:
    import numpy as np

    names = description.correlations.names[:MOST_COLUMNS]
    values = np.array(description.correlations.values, float)[: len(names), : len(names)]
    image = axes.imshow(values, cmap="RdBu_r", vmin=-1, vmax=1)
    labels = [_short(name) for name in names]
    axes.set_xticks(range(len(names)), labels, rotation=45, ha="right", fontsize="small")
    axes.set_yticks(range(len(names)), labels, fontsize="small")
    if len(names) <= 8:
        for row, column in np.ndindex(*values.shape):
            value = values[row, column]
            words = say("data.correlation", value=value) if np.isfinite(value) else ""
            colour = "white" if abs(value) > 0.6 else "black"
            axes.annotate(
                words, (column, row), ha="center", va="center", color=colour, fontsize="small"
            )
    axes.figure.colorbar(image, ax=axes, shrink=0.8)
    axes.set_title(say("data.picture_correlations"))


def _draw_gaps(axes: "Axes", gappy: list[Column]) -> None:
    places = range(len(gappy))
    bars = axes.barh(places, [100 * column.missing_share for column in gappy], color="#868e96")
    words = [say("data.share", value=100 * column.missing_share) for column in gappy]
    axes.bar_label(bars, words, padding=3)
    axes.set_yticks(places, [_short(column.name) for column in gappy])
    axes.set_xlim(0, 115)
    axes.set_ylim(max(5, len(gappy)) - 0.4, -0.6)
    axes.set_xlabel(say("data.axis_share"))
    axes.set_title(say("data.picture_gaps"))
    _clean(axes)


# Below: the columns, with the classes in colours where they are few


def _groups(frame: "pd.DataFrame", description: Description) -> list[tuple[str, Any]]:
    """Return each class with the rows that have it; nothing where there are none, or too many."""
    if not 1 < len(description.classes) <= MOST_CLASSES:
        return []
    answers = frame[description.target]
    values = answers.value_counts().index
    pairs = zip(description.classes, values, strict=True)
    return [(name, (answers == value).fillna(False).to_numpy(bool)) for (name, _), value in pairs]


def _draw_column(
    axes: "Axes", values: "pd.Series[Any]", column: Column, groups: list[tuple[str, Any]]
) -> None:
    if column.holds == WORDS:
        _draw_categories(axes, values, column, groups)
    elif column.histogram:
        _draw_numbers(axes, values, column, groups)
    title = _plain_name(column.name, 30)
    if column.relation is not None:
        title += say("data.related", value=column.relation)
    axes.set_title(title, fontsize="medium")
    _clean(axes)


def _draw_numbers(
    axes: "Axes", values: "pd.Series[Any]", column: Column, groups: list[tuple[str, Any]]
) -> None:
    import numpy as np

    numbers = as_values(values)
    filled = np.isfinite(numbers)
    edges = _edges(numbers[filled])
    below: Any = np.zeros(len(edges) - 1)
    for place, (name, rows) in enumerate(groups or [("", filled)]):
        counts, _ = np.histogram(numbers[filled & rows], edges)
        colour = COLOURS[place] if groups else PLAIN_COLOUR
        # Matplotlib counts dates in days since 1970
        where = edges / 86400 if column.holds == DATES else edges
        axes.stairs(below + counts, where, baseline=below, fill=True, color=colour, label=name)
        below = below + counts
    if column.holds == DATES:
        _write_dates(axes)
    elif not (numbers[filled] % 1).any():
        locator: Any = axes.xaxis.get_major_locator()
        locator.set_params(integer=True)


def _write_dates(axes: "Axes") -> None:
    """Write so few dates below a column that none runs into the next."""
    from matplotlib.dates import AutoDateFormatter, AutoDateLocator

    locator = AutoDateLocator(minticks=2, maxticks=4)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(AutoDateFormatter(locator))  # type: ignore[no-untyped-call]


def _edges(numbers: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Return where bars begin and end; a few whole numbers have a bar each, around them."""
    import numpy as np

    lowest, highest = numbers.min(), numbers.max()
    if highest - lowest <= BINS and not (numbers % 1).any():
        return np.arange(lowest - 0.5, highest + 1)
    return np.linspace(lowest, highest, BINS + 1)


def _draw_categories(
    axes: "Axes", values: "pd.Series[Any]", column: Column, groups: list[tuple[str, Any]]
) -> None:
    counts = values.value_counts()
    kept = counts.index[:MOST_BARS]
    names = [_short(str(name)) for name in kept]
    if len(counts) > len(kept):
        names.append(say("data.others", count=len(counts) - len(kept)))
    places = range(len(names))
    below = [0] * len(names)
    for place, (name, rows) in enumerate(groups or [("", slice(None))]):
        within = values[rows].value_counts()
        lengths = [int(within.get(value, 0)) for value in kept]
        if len(counts) > len(kept):
            lengths.append(int(within.sum()) - sum(lengths))
        colour = COLOURS[place] if groups else PLAIN_COLOUR
        axes.barh(places, lengths, left=below, color=colour, label=name)
        below = [start + length for start, length in zip(below, lengths, strict=True)]
    axes.set_yticks(places, names, fontsize="small")
    axes.set_ylim(max(3, len(names)) - 0.4, -0.6)


def _clean(axes: "Axes") -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize="small")


def _short(name: str) -> str:
    return _plain_name(name, LONGEST_NAME)


def _plain_name(name: str, longest: int = 40) -> str:
    """Return a name that can be drawn, cut."""
    name = " ".join(printable(name).split())
    return name if len(name) <= longest else name[: longest - 1] + "…"
