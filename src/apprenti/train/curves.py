"""The learning curves: as a picture beside the run, and as a sketch in the terminal."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.language import say
from apprenti.measures import common_score
from apprenti.model.catalogue import MODELS, name_of
from apprenti.printable import printable
from apprenti.runs import Run

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = {"pytorch": "#d9480f", "tensorflow": "#1864ab", "sklearn": "#2b8a3e"}
MARKERS = "●○▲△■□"


def load() -> None:
    """Load what `draw` needs, which takes longer than drawing."""
    drawing.load()
    import matplotlib.backends.backend_agg
    import matplotlib.figure  # noqa: F401


def draw(runs: Sequence[Run], path: Path) -> Path:
    """Write the curves of some runs as a PNG."""
    return drawing.save(figure(runs), path, dpi=120)


@drawing.our_settings()
def figure(runs: Sequence[Run]) -> "Figure":
    """Draw the loss and the score, epoch by epoch: training dashed, validation full.

    A run with a single row in its history (a baseline) is drawn as a level line; the trivial model
    is so far from the others that beside it their curves would be flat: it is left to the table.
    """
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(10, 4.2), layout="constrained")
    runs = [run for run in runs if run.model != "trivial"] or runs
    longest = max((len(run.history) for run in runs), default=1)
    score = common_score(row for run in runs for row in run.history).name
    for axes, measure in zip(drawn.subplots(1, 2), ("loss", score), strict=True):
        for run in runs:
            _draw_run(axes, run, measure, longest)
        axes.set(
            xlabel=say("words.epoch"),
            ylabel=say(f"words.{measure}"),
            title=say(f"train.curves.{measure}"),
        )
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    names = axes.get_legend_handles_labels()
    drawn.legend(*names, loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    return drawn


def _draw_run(axes: "Axes", run: Run, measure: str, longest: int) -> None:
    model = say(f"words.{name_of(run.model, run.task)}") if run.model in MODELS else run.model
    name = printable(f"{model}, {say(f'words.framework_{run.framework}')}")
    # Somebody's own script may measure other things: what is not there is not drawn
    valid = [row.get(f"valid_{measure}", math.nan) for row in run.history]
    train = [row.get(f"train_{measure}", math.nan) for row in run.history]
    colour = COLOURS[run.framework]
    if len(valid) == 1:
        axes.axhline(valid[0], color=colour, linestyle="-.", linewidth=1.3, label=name)
        return
    epochs = [row.get("epoch", number) for number, row in enumerate(run.history, start=1)]
    axes.plot(epochs, train, "--", color=colour, alpha=0.6, label=f"{name} ({say('words.train')})")
    axes.plot(
        epochs, valid, "-o", color=colour, markersize=4, label=f"{name} ({say('words.valid')})"
    )
    axes.set_xlim(0.8, longest + 0.2)


def sketch(runs: Sequence[Run], width: int = 76, height: int = 15) -> str:
    """Return the validation losses of the runs, epoch by epoch, as a drawing made of characters.

    A run with fewer than two losses that are numbers is left out; without any there is no drawing.
    """
    drawn = [(run, points) for run in runs if len(points := _valid_losses(run)) > 1]
    if not drawn:
        return ""
    import plotext

    figure = plotext.figure
    figure.clear()
    figure.theme("colorless")
    figure.plot_size(width, height)
    for (run, points), marker in zip(drawn, MARKERS, strict=False):
        signal = figure.signal(*map(list, zip(*points, strict=True)), marker=marker)
        signal.lines()
        signal.label(say(f"words.framework_{run.framework}"))
        figure.draw(signal)
    epochs = sorted({int(epoch) for _, points in drawn for epoch, _ in points})
    figure.ruler("x").ticks(epochs[:: max(1, len(epochs) // 10)])
    figure.title(say("train.curves.sketch"))
    highest = max(loss for _, points in drawn for _, loss in points)
    figure.legend(x=epochs[-1], y=highest, ha="right", relative=True)
    return str(plotext.uncolorize(str(figure.build())))


def _valid_losses(run: Run) -> list[tuple[float, float]]:
    found = [(row.get("epoch", math.nan), row.get("valid_loss", math.nan)) for row in run.history]
    return [point for point in found if all(map(math.isfinite, point))]
