"""The learning curve of a run: loss and score by the number of rows, and how the score goes on."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.diagnose.learning_curve import LearningCurve
from apprenti.language import say
from apprenti.measures import VALID
from apprenti.train import curves
from apprenti.train.curves import COLOURS, DARK, HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE = "learning_curve.png"


def draw(found: LearningCurve, folder: Path) -> Path:
    """Write the learning curve as a PNG into a folder."""
    return drawing.save(figure(found), folder / FILE, dpi=120)


@drawing.our_settings()
def figure(found: LearningCurve) -> "Figure":
    """Draw the loss and the score by rows, with a band of one standard deviation."""
    drawn = drawing.new_figure(WIDTH, HEIGHT, layout="constrained")
    for axes, measure in zip(drawn.subplots(1, 2), ("loss", found.measure.name), strict=True):
        for part in ("train_", VALID):
            _draw_measured(axes, found, part, measure)
        if measure != "loss":
            _draw_ahead(axes, found)
        axes.set_xscale("log")
        curves.entitle(axes, measure)
        axes.set(xlabel=say("diagnose.learning_curve.axis"), ylabel=say(f"words.{measure}"))
        _number_rows(axes, found, ahead=measure != "loss")
        axes.grid(alpha=0.25)
    curves.explain(drawn, axes)
    return drawing.in_language(drawn)


def _draw_measured(axes: "Axes", found: LearningCurve, part: str, measure: str) -> None:
    colour = COLOURS[found.run.framework]
    points = [(one.rows, *one.mean(f"{part}{measure}")) for one in found.parts]
    known = [(rows, mean, spread or 0.0) for rows, mean, spread in points if mean is not None]
    if not known:
        return
    rows = [one[0] for one in known]
    low, high = ([mean + side * spread for _, mean, spread in known] for side in (-1, 1))
    is_valid = part == VALID
    axes.fill_between(rows, low, high, color=colour, alpha=0.15 if is_valid else 0.07, linewidth=0)
    label = say("words.valid" if is_valid else "words.train")
    style, alpha = ("-o", 1.0) if is_valid else ("--", 0.6)
    values = [one[1] for one in known]
    axes.plot(rows, values, style, color=colour, alpha=alpha, markersize=4, label=label)


def _draw_ahead(axes: "Axes", found: LearningCurve) -> None:
    if found.continuation is None:
        return
    places, low, high = found.continuation.band
    line = 1 - found.continuation.law.at(places)
    label = say("diagnose.learning_curve.law")
    axes.plot(places, line, ":", color=DARK, linewidth=1.3, label=label)
    band = say("diagnose.learning_curve.band")
    axes.fill_between(places, 1 - high, 1 - low, color=DARK, alpha=0.08, linewidth=0, label=band)


def _number_rows(axes: "Axes", found: LearningCurve, ahead: bool) -> None:
    """Write the numbers of rows themselves, not powers of ten."""
    places = [part.rows for part in found.parts]
    if ahead and found.continuation:
        places = [places[0], places[-1], *(one.rows for one in found.continuation.ahead)]
    axes.set_xticks(places, [say("words.shape.count", value=rows) for rows in places], fontsize=8)
    axes.minorticks_off()
