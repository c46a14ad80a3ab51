"""The learning curves: as a picture beside the run, and as a sketch in the terminal."""

import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.language import decimal_mark, say
from apprenti.measures import common_score, measure_named
from apprenti.model.catalogue import words_for
from apprenti.printable import printable
from apprenti.runs import Run, short_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, FigureBase

COLOURS = {"pytorch": "#d9480f", "tensorflow": "#1864ab", "sklearn": "#2b8a3e"}
DARK = "#212529"
"""Of what is said of several runs, folds or rows at once."""

MARKERS = "●○▲△■□"

History = Sequence[Mapping[str, float]]
"""The rows of a run, one an epoch."""


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
    """Draw how some runs learned, as `draw_on` does."""
    drawn = drawing.new_figure(WIDTH, HEIGHT, layout="constrained")
    draw_on(drawn, runs)
    return drawing.in_language(drawn)


WIDTH, HEIGHT = 10, 4.2
"""Inches."""


def draw_on(
    drawn: "FigureBase", runs: Sequence[Run], histories: Sequence[History] | None = None
) -> None:
    """Draw the loss and the score, epoch by epoch: training dashed, validation full.

    A run with a single row in its history (a baseline) is drawn as a level line, and where there
    are no others as bars; the trivial model is so far from the others that beside it their curves
    would be flat: it is left to the table. Their histories are read where they are not given.
    """
    if histories is None:
        runs = [run for run in runs if run.model != "trivial"] or runs
        histories = [run.history for run in runs]
    names = _names(runs)
    longest = max(map(len, histories), default=1)
    score = common_score(row for history in histories for row in history).name
    for axes, measure in zip(drawn.subplots(1, 2), ("loss", score), strict=True):
        if longest > 1:
            _draw_curves(axes, runs, histories, names, measure)
        else:
            _draw_bars(axes, runs, names, measure)
        entitle(axes, measure)
    explain(drawn, axes, columns=2)


def entitle(axes: "Axes", measure: str) -> None:
    """Say above the drawing of a measure what it is, and leave two of its sides open."""
    axes.set_title(say(f"train.curves.{measure}"), fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)


def explain(drawn: "FigureBase", axes: "Axes", columns: int = 3) -> None:
    """Say under the drawings what the lines of one of them are, which are those of all."""
    told = axes.get_legend_handles_labels()
    place: dict[str, Any] = {"loc": "outside lower center", "frameon": False, "fontsize": "small"}
    drawn.legend(*told, ncols=columns, **place)


def _names(runs: Sequence[Run]) -> list[str]:
    """Return what each run is called: its model and framework, and of several its number."""
    models = [words_for(run.model, run.task) for run in runs]
    pairs = zip(models, runs, strict=True)
    names = [f"{model}, {say(f'words.framework_{run.framework}')}" for model, run in pairs]
    if len(runs) > 1:
        numbers = short_names(runs)
        names = [f"{numbers[run]}  {name}" for run, name in zip(runs, names, strict=True)]
    return list(map(printable, names))


def _draw_curves(
    axes: "Axes",
    runs: Sequence[Run],
    histories: Sequence[History],
    names: Sequence[str],
    measure: str,
) -> None:
    for run, history, name in zip(runs, histories, names, strict=True):
        _draw_run(axes, run, history, name, measure)
    axes.set(xlabel=say("words.epoch"), ylabel=say(f"words.{measure}"))
    axes.set_xlim(0.8, max(map(len, histories)) + 0.2)
    locator: Any = axes.xaxis.get_major_locator()
    locator.set_params(integer=True)
    axes.grid(alpha=0.25)


def _draw_run(axes: "Axes", run: Run, history: History, name: str, measure: str) -> None:
    # Somebody's own script may measure other things: what is not there is not drawn
    valid = [row.get(f"valid_{measure}", math.nan) for row in history]
    train = [row.get(f"train_{measure}", math.nan) for row in history]
    colour = COLOURS[run.framework]
    if len(valid) == 1:
        axes.axhline(valid[0], color=colour, linestyle="-.", linewidth=1.3, label=name)
        return
    epochs = [row.get("epoch", number) for number, row in enumerate(history, start=1)]
    axes.plot(epochs, train, "--", color=colour, alpha=0.6, label=f"{name} ({say('words.train')})")
    axes.plot(
        epochs, valid, "-o", color=colour, markersize=4, label=f"{name} ({say('words.valid')})"
    )
    ring(axes, run, history, measure, colour)


def ring(axes: "Axes", run: Run, history: History, measure: str, colour: str) -> None:
    """Draw a ring around the epoch whose model is kept, where that is not the last one."""
    kept, epochs = run.kept_epoch, len(history)
    if kept is None or not 0 < kept < epochs:
        return
    words = say("train.curves.kept", kept=kept, epochs=epochs)
    looks: dict[str, Any] = {"markersize": 11, "markerfacecolor": "none", "markeredgewidth": 1.8}
    at = [kept], [history[kept - 1].get(f"valid_{measure}", math.nan)]
    axes.plot(*at, "o", color=colour, linestyle="none", label=words, **looks)


def _draw_bars(axes: "Axes", runs: Sequence[Run], names: Sequence[str], measure: str) -> None:
    """Draw what models give that are trained in one call: there is no curve, but two results."""
    written, parts = measure_named(measure).written, ("train", "valid")
    words = [say(f"words.{part}") for part in parts]
    for place, part in enumerate(parts):
        lengths = [run.kept.get(f"{part}_{measure}", math.nan) for run in runs]
        places = [row + 0.4 * place for row in range(len(runs))]
        colours = [COLOURS[run.framework] for run in runs]
        alpha, name = (0.45, 1)[place], words[place]
        bars = axes.barh(places, lengths, 0.38, color=colours, alpha=alpha, label=name)
        axes.bar_label(bars, list(map(written, lengths)), padding=3)
    alone = len(runs) == 1
    axes.set_yticks([0, 0.4] if alone else [row + 0.2 for row in range(len(runs))])
    # Beside the loss alone: beside the score they would be the same
    told = words if alone else names if measure == "loss" else [""] * len(runs)
    axes.set_yticklabels(told)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(runs), 1.4) - 0.4, -0.4 - 0.4 * alone)
    axes.margins(x=0.3)
    # Each bar has its value
    axes.set(xlabel=say(f"words.{measure}"), xticks=[])


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
    text = str(plotext.uncolorize(str(figure.build())))
    return re.sub(r"(?<=\d)\.(?=\d)", decimal_mark(), text)


def _valid_losses(run: Run) -> list[tuple[float, float]]:
    found = [(row.get("epoch", math.nan), row.get("valid_loss", math.nan)) for row in run.history]
    return [point for point in found if all(map(math.isfinite, point))]
