"""The picture of measures by group: a dot a group with its interval, beside that of all rows."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.evaluate.fairness import Fairness, OfColumn
from apprenti.evaluate.group_measures import Measured
from apprenti.evaluate.sensitive_groups import Group
from apprenti.language import say
from apprenti.measures import ACCURACY
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILES = {"valid": "fairness.png", "test": "test_fairness.png"}

BLUE, GREY = "#1864ab", "#868e96"

IN_PERCENT = (ACCURACY, "selection_rate", "recall", "false_positive_rate", "precision")
LONGEST = 20


def draw(found: Fairness, folder: Path) -> list[Path]:
    """Draw the columns whose groups are measured into a folder."""
    if not any(_shown(column) for column in found.columns):
        return []
    return [drawing.save(figure(found), folder / FILES[found.part], dpi=120)]


@drawing.our_settings()
def figure(found: Fairness) -> "Figure":
    """Draw a line of pictures a column, a picture a measure, a line a group."""
    columns = [column for column in found.columns if _shown(column)]
    across = max(len(column.measures) for column in columns)
    heights = [1.1 + 0.32 * len(_shown(column)) for column in columns]
    drawn = drawing.new_figure(1.6 + 2.0 * across, sum(heights) + 0.4, layout="constrained")
    grid = drawn.subplots(len(columns), across, squeeze=False, height_ratios=heights)
    for column, row in zip(columns, grid, strict=True):
        for measured, axes in zip(column.measures, row, strict=False):
            _draw(axes, column, measured)
        names = [name_of(column.groups[place]) for place in _shown(column)]
        row[0].set_yticks(range(len(names)), names, fontsize=9)
        row[0].set_ylabel(_short(column.column))
        for axes in row[1:]:
            axes.set_yticks([])
    title = say(f"fairness.picture.{found.part}", rows=found.rows)
    drawn.suptitle(title, fontsize="medium", x=0.02, ha="left")
    return drawing.in_language(drawn)


def _shown(column: OfColumn) -> list[int]:
    """Return the places of the groups that are judged."""
    there = range(len(column.rows)) if column.measures else ()
    return [place for place in there if column.is_judged(place)]


def _draw(axes: "Axes", column: OfColumn, measured: Measured) -> None:
    scale = 100 if measured.name in (*IN_PERCENT, "macro_recall") else 1
    places = _shown(column)
    for line, place in enumerate(places):
        one = measured.of_groups[place]
        if one is None or one.low is None or one.high is None:
            continue
        axes.plot([scale * one.low, scale * one.high], [line, line], color=BLUE, linewidth=2)
        axes.plot([scale * one.value], [line], "o", color=BLUE, markersize=6)
    axes.axvline(scale * measured.overall.value, color=GREY, linewidth=1, linestyle="--", zorder=0)
    if scale == 100:
        axes.set_xlim(-3, 103)
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_title(say(f"fairness.short.{measured.name}"), fontsize=9)
    axes.tick_params(axis="x", labelsize=8)
    axes.grid(axis="x", alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def name_of(group: Group, longest: int = LONGEST) -> str:
    """Return what a group is called: its value, its range, or that nothing is written there."""
    if group.is_missing:
        return say("fairness.missing")
    if group.name is not None:
        return _short(group.name, longest)
    key = "last_range" if group.is_last else "range"
    return say(f"fairness.{key}", low=group.low, high=group.high)


def _short(name: str, longest: int = LONGEST) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= longest else f"{name[: longest - 1]}…"
