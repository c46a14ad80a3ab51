"""How far off a run is that predicts numbers: MAE, RMSE, R², and predicted against true."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import drawing
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.language import say
from apprenti.printable import printable
from apprenti.runs import Run, read_rows

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    Array = np.ndarray[Any, Any]

FILE = "predicted_against_true.png"


class Estimate(NamedTuple):
    """What a run says of one validation row, in the unit of the target."""

    row: str
    truth: float
    predicted: float

    @property
    def error(self) -> float:
        """Above 0 where the prediction is too high."""
        return self.predicted - self.truth


class RegressionMeasures(NamedTuple):
    """How far off the predictions are."""

    rows: int
    mae: float
    """The mean distance from the truth, in the unit of the target."""
    rmse: float
    """The root of the mean squared distance, in the same unit: great errors weigh more."""
    r2: float | None
    """1 less the squared errors in shares of those of the mean; None where all truths are equal."""

    def as_json(self) -> dict[str, Any]:
        return self._asdict()


def estimates(run: Run, part: Part = VALIDATION) -> list[Estimate]:
    """Return what a run says of the rows of a part, in their order.

    Empty where it predicts no numbers, one of them is not finite, or it tells other things.
    """
    rows = read_rows(run.folder / part.predictions)
    if not rows or not {"row", "truth", "predicted"} <= rows[0].keys() or "confidence" in rows[0]:
        return []
    try:
        found = [Estimate(r["row"], float(r["truth"]), float(r["predicted"])) for r in rows]
    except (TypeError, ValueError):
        return []
    return found if all(math.isfinite(one.error) for one in found) else []


def measure(made: Sequence[Estimate]) -> RegressionMeasures:
    """Measure what a run says of some rows, of which there is at least one."""
    from sklearn import metrics

    pairs = [one.truth for one in made], [one.predicted for one in made]
    varied = len(set(pairs[0])) > 1
    return RegressionMeasures(
        len(made),
        float(metrics.mean_absolute_error(*pairs)),
        float(metrics.root_mean_squared_error(*pairs)),
        float(metrics.r2_score(*pairs)) if varied else None,
    )


def worst(made: Sequence[Estimate]) -> list[Estimate]:
    """Return the predictions that are farthest off, the farthest first."""
    return sorted(made, key=lambda one: -abs(one.error))


MARKED = 5
"""So many of the worst errors have the name of their row in the picture."""


def draw(made: Sequence[Estimate], target: str, path: Path, part: Part = VALIDATION) -> Path:
    """Write what was predicted against what is true as a picture (PNG)."""
    return drawing.save(figure(made, target, part), path, dpi=120)


@drawing.our_settings()
def figure(made: Sequence[Estimate], target: str, part: Part = VALIDATION) -> "Figure":
    """Draw a dot a row: on the line the prediction is right, above it too high."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(6.4, 6.2), layout="constrained")
    axes = drawn.subplots()
    truth, predicted = [one.truth for one in made], [one.predicted for one in made]
    ends = min(*truth, *predicted), max(*truth, *predicted)
    axes.plot(ends, ends, color="#868e96", linewidth=1, zorder=0)
    few = len(made) <= 1000
    style: dict[str, Any] = {"color": "#1864ab", "alpha": 0.6 if few else 0.25, "linewidths": 0}
    axes.scatter(truth, predicted, s=22 if few else 8, **style)
    for one in worst(made)[:MARKED]:
        axes.plot([one.truth] * 2, [one.truth, one.predicted], color="#d9480f", linewidth=1)
        words: dict[str, Any] = {
            "xytext": (4, 0),
            "textcoords": "offset points",
            "fontsize": "x-small",
        }
        axes.annotate(printable(one.row)[-18:], (one.truth, one.predicted), va="center", **words)
    name = printable(target) if len(target) <= 40 else f"{printable(target)[:39]}…"
    axes.set(
        xlabel=say("evaluate.numbers.truth", target=name),
        ylabel=say("evaluate.numbers.predicted", target=name),
    )
    title = say(f"evaluate.numbers.picture_{part.name}", rows=len(made))
    axes.set_title(title, loc="left", fontsize="medium")
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    return drawn
