"""The learning curves of several runs over each other, each in a colour of its own."""

import math
from collections.abc import Mapping
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.language import say
from apprenti.measures import common_score
from apprenti.printable import printable
from apprenti.runs import Run
from apprenti.train import curves

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = ("#1864ab", "#d9480f", "#2b8a3e", "#862e9c", "#e67700", "#0b7285", "#c2255c", "#495057")


def draw(called: Mapping[Run, str], path: Path) -> Path:
    """Write the curves of runs, under what each is called, as a picture (PNG)."""
    return drawing.save(figure(called), path, dpi=120)


@drawing.our_settings()
def figure(called: Mapping[Run, str]) -> "Figure":
    """Draw the loss and the score, epoch by epoch: training dashed, validation full.

    A run with a single row in its history is a level line.
    """
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(10, 4.2), layout="constrained")
    score = common_score(row for run in called for row in run.history).name
    for axes, measure in zip(drawn.subplots(1, 2), ("loss", score), strict=True):
        for (run, name), colour in zip(called.items(), cycle(COLOURS), strict=False):
            _draw_run(axes, run, printable(name), measure, colour)
        axes.set(xlabel=say("words.epoch"), ylabel=say(f"words.{measure}"))
        axes.set_title(say(f"train.curves.{measure}"), fontsize="medium")
        locator: Any = axes.xaxis.get_major_locator()
        locator.set_params(integer=True)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
    told = axes.get_legend_handles_labels()
    how: dict[str, Any] = {"ncols": 3, "frameon": False, "fontsize": "small"}
    title = say("evaluate.lines")
    drawn.legend(*told, loc="outside lower center", title=title, title_fontsize="small", **how)
    return drawn


def _draw_run(axes: "Axes", run: Run, name: str, measure: str, colour: str) -> None:
    # Somebody's own script may measure other things: what is not there is not drawn
    train, valid = (
        [row.get(f"{part}_{measure}", math.nan) for row in run.history]
        for part in ("train", "valid")
    )
    if len(valid) == 1:
        axes.axhline(valid[0], color=colour, linestyle="-.", linewidth=1.3, label=name)
        return
    epochs = [row.get("epoch", number) for number, row in enumerate(run.history, start=1)]
    axes.plot(epochs, train, "--", color=colour, alpha=0.6)
    axes.plot(epochs, valid, "-o", color=colour, markersize=4, label=name)
    curves.ring(axes, run, run.history, measure, colour)
