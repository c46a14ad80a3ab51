"""Residuals: what is left of each number once its prediction is taken away, and its picture.

They should lie about 0 wherever the prediction does; a bend or a funnel shows what was not learned.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import drawing
from apprenti.evaluate.intervals import of_mean
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.regression_measures import Estimate
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FILE = "residuals.png"

BANDS, FEWEST_ROWS = 10, 10
"""So many groups of predictions at most, with so many rows at least in each."""

BLUE, ORANGE = "#1864ab", "#d9480f"


class Band(NamedTuple):
    """Rows with predictions of about the same size, and the mean of their residuals."""

    predicted: float
    """The mean of their predictions."""
    rows: int
    residual: float
    low: float
    high: float


def bands(made: Sequence[Estimate]) -> list[Band]:
    """Return the mean residual of rows of about the same prediction, the lowest first."""
    import numpy as np

    count = min(BANDS, len(made) // FEWEST_ROWS)
    if not count:
        return []
    ordered = sorted(made, key=lambda one: one.predicted)
    found = []
    for places in np.array_split(np.arange(len(ordered)), count):
        some = [ordered[place] for place in places]
        residuals = np.array([-one.error for one in some])
        predicted = sum(one.predicted for one in some) / len(some)
        found.append(Band(predicted, len(some), float(residuals.mean()), *of_mean(residuals)))
    return found


def draw(made: Sequence[Estimate], target: str, path: Path, part: Part = VALIDATION) -> Path:
    """Write the residuals as a picture (PNG)."""
    return drawing.save(figure(made, target, part), path, dpi=120)


@drawing.our_settings()
def figure(made: Sequence[Estimate], target: str, part: Part = VALIDATION) -> "Figure":
    """Draw residuals against predictions, and beside them how many there are of each size."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(8.0, 4.6), layout="constrained")
    cloud, counts = drawn.subplots(1, 2, sharey=True, width_ratios=[3, 1])
    _draw_cloud(cloud, made)
    counts.hist([-one.error for one in made], bins=30, orientation="horizontal", color=BLUE)
    name = printable(target) if len(target) <= 40 else f"{printable(target)[:39]}…"
    cloud.set(
        xlabel=say("evaluate.residuals.predicted", target=name),
        ylabel=say("evaluate.residuals.residual"),
    )
    counts.set_xlabel(say("evaluate.residuals.rows"))
    counts.xaxis.get_major_locator().set_params(integer=True)
    title = say(f"evaluate.residuals.title_{part.name}", rows=len(made))
    cloud.set_title(title, loc="left", fontsize="medium")
    for axes in (cloud, counts):
        axes.axhline(0, color="#868e96", linewidth=1, zorder=0)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    return drawn


def _draw_cloud(axes: "Axes", made: Sequence[Estimate]) -> None:
    few = len(made) <= 1000
    style: dict[str, Any] = {"color": BLUE, "alpha": 0.5 if few else 0.2, "linewidths": 0}
    dots = [one.predicted for one in made], [-one.error for one in made]
    axes.scatter(*dots, s=22 if few else 8, **style)
    means = bands(made)
    if means:
        places, residuals = [one.predicted for one in means], [one.residual for one in means]
        sides = [
            [one.residual - one.low for one in means],
            [one.high - one.residual for one in means],
        ]
        told = say("evaluate.residuals.band")
        axes.errorbar(
            places, residuals, yerr=sides, color=ORANGE, marker="o", capsize=3, label=told
        )
        axes.legend(frameon=False, fontsize="small")
