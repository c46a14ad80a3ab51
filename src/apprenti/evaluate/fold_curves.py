"""Every fold of a run in one picture: its curves, or where there are none its scores."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.evaluate.cross_validated import CrossValidated, Fold
from apprenti.language import say
from apprenti.measures import VALID
from apprenti.train import curves
from apprenti.train.curves import COLOURS, DARK, HEIGHT, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE = "folds.png"


def draw(found: CrossValidated, folder: Path) -> Path:
    """Write the folds as a PNG into a folder."""
    return drawing.save(figure(found), folder / FILE, dpi=120)


@drawing.our_settings()
def figure(found: CrossValidated) -> "Figure":
    """Draw the loss and the score of each fold: training dashed, validation full, its mean dark."""
    drawn = drawing.new_figure(WIDTH, HEIGHT, layout="constrained")
    colour = COLOURS[found.run.framework]
    folds = [fold for fold in found.folds if fold.history]
    in_epochs = max((len(fold.history) for fold in folds), default=1) > 1
    for axes, measure in zip(drawn.subplots(1, 2), ("loss", found.measure.name), strict=True):
        if in_epochs:
            _draw_curves(axes, folds, measure, colour)
        else:
            _draw_dots(axes, folds, measure, colour)
        _draw_mean(axes, found, measure)
        curves.entitle(axes, measure)
        axes.set(ylabel=say(f"words.{measure}"))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.25)
    curves.explain(drawn, axes)
    return drawing.in_language(drawn)


def _curve(fold: Fold, name: str) -> list[float]:
    return [row.get(name, math.nan) for row in fold.history]


def _draw_curves(axes: "Axes", folds: Sequence[Fold], measure: str, colour: str) -> None:
    import numpy as np

    longest = max(len(fold.history) for fold in folds)
    for place, fold in enumerate(folds):
        epochs = range(1, len(fold.history) + 1)
        # A single entry in the legend stands for all folds
        label: dict[str, Any] = {} if place else {"label": say("evaluate.folds.train_curves")}
        train = _curve(fold, f"train_{measure}")
        axes.plot(epochs, train, "--", color=colour, alpha=0.35, linewidth=1, **label)
        label = {} if place else {"label": say("evaluate.folds.valid_curves")}
        valid = _curve(fold, f"{VALID}{measure}")
        axes.plot(epochs, valid, "-", color=colour, alpha=0.7, linewidth=1.2, **label)
    # The two that are farthest apart have their number
    ends = [(_curve(fold, f"{VALID}{measure}")[-1], fold) for fold in folds]
    for value, fold in (min(ends, key=_value), max(ends, key=_value)):
        at = (len(fold.history), value)
        how: dict[str, Any] = {"textcoords": "offset points", "va": "center", "fontsize": 7}
        axes.annotate(f"{fold.number}", at, (3, 0), color=colour, **how)
    whole = [_curve(f, f"{VALID}{measure}") for f in folds if len(f.history) == longest]
    mean = np.mean(whole, axis=0)
    name = say("evaluate.folds.mean_curve")
    axes.plot(range(1, longest + 1), mean, color=DARK, linewidth=2, label=name)
    axes.set(xlabel=say("words.epoch"))


def _value(end: tuple[float, Fold]) -> float:
    return end[0]


def _draw_dots(axes: "Axes", folds: Sequence[Fold], measure: str, colour: str) -> None:
    numbers = [fold.number for fold in folds]
    train = [_curve(fold, f"train_{measure}")[-1] for fold in folds]
    valid = [_curve(fold, f"{VALID}{measure}")[-1] for fold in folds]
    axes.plot(numbers, train, "o", color=colour, fillstyle="none", label=say("words.train"))
    axes.plot(numbers, valid, "o", color=colour, label=say("words.valid"))
    axes.set(xlabel=say("evaluate.folds.fold"))


def _draw_mean(axes: "Axes", found: CrossValidated, measure: str) -> None:
    mean = found.mean(f"{VALID}{measure}")
    if mean is None or mean.low is None or mean.high is None:
        return
    label = say("evaluate.folds.band")
    axes.axhspan(mean.low, mean.high, color=DARK, alpha=0.08, linewidth=0, label=label)
    axes.axhline(mean.mean, color=DARK, linewidth=0.8, linestyle=":")
