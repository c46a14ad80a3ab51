"""The picture of a first model: how it learned, what it predicts, and where it is wrong."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.evaluate.learned import SHOWN, Learned, Seen
from apprenti.language import say
from apprenti.printable import printable
from apprenti.runs import Run, short_names
from apprenti.train import curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

STRIP, HIGHER = 1.75, 2.3
"""Inches of height for a row of images, and for one whose classes have long names."""

RIGHT, WRONG, QUIET = "#2b8a3e", "#c92a2a", "#495057"
SHORT_NAME, LONGEST_NAME = 3, 11
"""Letters of a class that leave room for a probability beside them, and that fit above an image."""


def draw(runs: Sequence[Run], learned: Learned | None, path: Path) -> Path:
    """Write the picture of some runs, with the images of what one of them learned, as a PNG."""
    return drawing.save(figure(runs, learned), path, dpi=120)


@drawing.our_settings()
def figure(runs: Sequence[Run], learned: Learned | None) -> "Figure":
    """Draw the curves, and below them ten images with their predictions and ten mistakes."""
    if learned is None or not learned.examples:
        return curves.figure(runs)
    strips = [learned.examples, learned.mistakes] if learned.mistakes else [learned.examples]
    heights = [curves.HEIGHT, *(HIGHER if any(map(_is_long, s)) else STRIP for s in strips)]
    drawn = drawing.new_figure(curves.WIDTH, sum(heights), layout="constrained")
    parts: Any = drawn.subfigures(len(heights), 1, height_ratios=heights)
    curves.draw_on(parts[0], runs)
    for part, title, strip in zip(parts[1:], titles(learned), strips, strict=False):
        part.suptitle(title, fontsize="medium")
        _draw_strip(part, strip)
    return drawing.in_language(drawn)


def titles(learned: Learned) -> tuple[str, str]:
    """Return what is said above the examples, and above the mistakes."""
    counts = {"count": len(learned.mistakes), "wrong": learned.wrong, "rows": learned.rows}
    examples = {"count": len(learned.examples), "model": _name(learned.run)}
    return say("train.learned.examples", **examples), say("train.learned.mistakes", **counts)


def _name(run: Run) -> str:
    """Return the number of a run and its framework, which is what tells it from the others."""
    return f"{short_names([run])[run]}, {say(f'words.framework_{run.framework}')}"


def percent(share: float) -> str:
    """Return a probability as people read it; what is nearly certain is not called certain."""
    if share >= 0.995:
        return say("train.learned.nearly_all")
    if share < 0.005:
        return say("train.learned.hardly_any")
    return say("train.learned.percent", value=100 * share)


def _draw_strip(part: "SubFigure", strip: Sequence[Seen]) -> None:
    grid = part.subplots(1, SHOWN, squeeze=False)[0]
    for axes, seen in zip(grid, strip, strict=False):
        _draw_one(axes, seen)
    for axes in grid[len(strip) :]:
        axes.set_axis_off()


def _draw_one(axes: "Axes", seen: Seen) -> None:
    said = seen.said
    axes.imshow(seen.image, cmap="gray_r", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[])
    axes.spines[:].set_color("#dee2e6")
    predicted, truth = _short(said.predicted), _short(said.truth)
    between, size = ("\n", "small") if _is_long(seen) else ("  ", "medium")
    title = f"{predicted}{between}{percent(said.confidence)}"
    axes.set_title(title, color=RIGHT if said.is_right else WRONG, fontsize=size, pad=3)
    if not said.is_right:
        share = percent(said.of_truth) if math.isfinite(said.of_truth) else ""
        told = f"{say('train.learned.truth')}{between[0]}{truth}{between}{share}"
        axes.set_xlabel(told, color=QUIET, fontsize="small", labelpad=3)


def _is_long(seen: Seen) -> bool:
    return max(len(seen.said.predicted), len(seen.said.truth)) > SHORT_NAME


def _short(name: str) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
