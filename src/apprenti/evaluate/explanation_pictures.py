"""Pictures of what a model relies on: the importance of its columns, and how they move it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.evaluate.dependence import NUMBERS, Curve, Dependence
from apprenti.evaluate.explanations import Explanations
from apprenti.evaluate.importance import Importance
from apprenti.evaluate.removed_words import Word
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

IMPORTANCE, DEPENDENCE = "importance.png", "dependence.png"

BLUE, GREY, ORANGE = "#1864ab", "#868e96", "#d9480f"
COLOURS = (BLUE, ORANGE, "#2b8a3e", "#862e9c", "#5c940d")

MOST_BARS, LONGEST = 20, 28

ACROSS = 3
"""So many curves stand beside each other."""


def draw(found: Explanations, folder: Path) -> list[Path]:
    """Draw what was found into a folder."""
    drawn = [drawing.save(figure(found), folder / IMPORTANCE, dpi=120)]
    if found.dependence:
        drawn.append(drawing.save(dependence_figure(found), folder / DEPENDENCE, dpi=120))
    return drawn


@drawing.our_settings()
def figure(found: Explanations) -> "Figure":
    """Draw a dot a column or a word with its interval, the most important above."""
    parts: list[tuple[Sequence[Importance | Word], str]]
    scale = found.measure.scale
    if found.words:
        parts = [(found.words, say("explanations.picture.words"))]
        scale = 1 if found.words[0].of is None else 100
    else:
        alone = say("explanations.picture.alone")
        parts = [(found.columns, alone)]
        parts += [(found.groups, say("explanations.picture.together"))] if found.groups else []
    parts = [(rows[:MOST_BARS], title) for rows, title in parts]
    heights = [0.9 + 0.28 * len(rows) for rows, _ in parts]
    drawn = drawing.new_figure(7.5, sum(heights) + 0.5, layout="constrained")
    grid = drawn.subplots(len(parts), 1, squeeze=False, sharex=True, height_ratios=heights)
    for (rows, title), axes in zip(parts, grid[:, 0], strict=True):
        _dots(axes, rows, scale)
        axes.set_title(title, loc="left", fontsize="medium")
    name = found.measure.name
    axes.set_xlabel(say(f"explanations.axis.{_unit_of_words(found) or name}"))
    return drawing.in_language(drawn)


def _unit_of_words(found: Explanations) -> str:
    if not found.words:
        return ""
    return "probability_change" if found.words[0].of is not None else "number_change"


def _dots(axes: "Axes", rows: Sequence[Importance | Word], scale: float) -> None:
    for place, one in enumerate(rows):
        is_word, low, high = isinstance(one, Word), one.low, one.high
        mean = one.change if isinstance(one, Word) else one.mean
        colour = BLUE if low > 0 or (is_word and high < 0) else GREY
        axes.plot([scale * low, scale * high], [place, place], color=colour, linewidth=2)
        axes.plot([scale * mean], [place], "o", color=colour, markersize=6)
    axes.set_yticks(range(len(rows)), [_label(one) for one in rows], fontsize=9)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.axvline(0, color=GREY, linewidth=1, zorder=0)
    axes.grid(axis="x", alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def _label(one: Importance | Word) -> str:
    if isinstance(one, Word):
        return _short(one.word if one.of is None else f"{one.word} → {one.of}")
    if len(one.columns) == 1:
        return _short(one.columns[0])
    return "\n".join(_short(name) for name in one.columns[:3]) + "\n…" * (len(one.columns) > 3)


def _short(name: str) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


@drawing.our_settings()
def dependence_figure(found: Explanations) -> "Figure":
    """Draw for each column what the model says on average, with the middle 80 % of the rows."""
    shown = found.dependence
    across = min(ACROSS, len(shown))
    down = -(-len(shown) // across)
    drawn = drawing.new_figure(3.4 * across + 0.6, 2.9 * down + 0.5, layout="constrained")
    grid: Any = drawn.subplots(down, across, squeeze=False, sharey=True)
    for one, axes in zip(shown, grid.flat, strict=False):
        _curves(axes, one)
    for axes in grid.flat[len(shown) :]:
        axes.set_axis_off()
    for axes in grid[:, 0]:
        axes.set_ylabel(_said(shown[0].curves))
    title = say("explanations.picture.dependence", rows=found.followed)
    drawn.suptitle(title, fontsize="medium", x=0.02, ha="left")
    if len(shown[0].curves) > 1:
        drawn.legend(*grid.flat[0].get_legend_handles_labels(), loc="outside lower center", ncols=5)
    return drawing.in_language(drawn)


def _said(curves: Sequence[Curve]) -> str:
    """Return what stands on the axis of what a model says."""
    if curves[0].of is None:
        return say("explanations.axis.prediction")
    if len(curves) > 1:
        return say("explanations.axis.probability")
    return say("explanations.axis.probability_of", name=_short(curves[0].of))


def _curves(axes: "Axes", one: Dependence) -> None:
    is_number = one.kind == NUMBERS
    places: list[Any] = [*one.values] if is_number else [*range(len(one.values))]
    scale = 1 if one.curves[0].of is None else 100
    for curve, colour in zip(one.curves, COLOURS, strict=False):
        mean, low, high = ([scale * v for v in values] for values in curve[1:])
        label = None if curve.of is None else _short(curve.of)
        if is_number:
            axes.fill_between(places, low, high, color=colour, alpha=0.12, linewidth=0)
            axes.plot(places, mean, "-o", color=colour, markersize=3, label=label)
        else:
            axes.vlines(places, low, high, color=colour, alpha=0.25, linewidth=4)
            axes.plot(places, mean, "o", color=colour, markersize=6, label=label)
    if not is_number:
        names = [_short(name)[:12] for name in one.labels]
        axes.set_xticks(places, names, rotation=30 if len(names) > 3 else 0, fontsize=8)
        axes.set_xlim(-0.5, len(places) - 0.5)
    elif one.labels[0] != one.labels[-1] and _are_dates(one):
        axes.set_xticks([places[0], places[-1]], [one.labels[0], one.labels[-1]], fontsize=8)
    axes.set_xlabel(_short(one.column))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)


def _are_dates(one: Dependence) -> bool:
    """Say whether what is written is no number: a date, a time, or a number with its unit."""
    return not one.labels[0].replace(".", "", 1).replace("-", "", 1).isdecimal()
