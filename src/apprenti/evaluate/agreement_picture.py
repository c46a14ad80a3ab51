"""The agreement of the frameworks as a picture: how far the weights part, and what it changes."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.evaluate.agreement import Agreement
from apprenti.language import say
from apprenti.train.curves import COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SHADES = {
    "chosen": "#212529",
    "sgd": "#2b8a3e",
    "float64": "#868e96",
    "keras_adam": "#e8590c",
    "keras_adam_float64": "#9c36b5",
}
MARKERS = dict(zip(SHADES, "os^Dv", strict=True))
DASHES = {"float64": "--"}  # on MNIST it lies under the chosen way
NEXT_TO_NOTHING = 1e-17
"""Where a gap of 0 is drawn, which has no place on a scale of powers of ten."""


def draw(found: Agreement, path: Path) -> Path:
    """Write the picture of an agreement as a PNG."""
    return drawing.save(figure(found), path, dpi=120)


@drawing.our_settings()
def figure(found: Agreement) -> "Figure":
    """Draw the largest gap of a weight in each way, and beside it both validation losses."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(10, 5), layout="constrained")
    weights, losses = drawn.subplots(1, 2)
    _draw_weights(weights, found)
    _draw_losses(losses, found)
    for axes in (weights, losses):
        axes.set(xscale="symlog", xlabel=say("evaluate.agreement.column.step"))
        steps = [gap.step for gap in found.ways["chosen"]]
        labels = [say("evaluate.agreement.cell.step", value=step) for step in steps]
        axes.set_xticks(steps, labels, rotation=45, ha="right", rotation_mode="anchor")
        axes.minorticks_off()
        axes.set_xlim(left=-0.2)
        axes.grid(alpha=0.25)
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(
            frameon=False, fontsize="small", loc="upper center", bbox_to_anchor=(0.5, -0.22)
        )
    return drawn


def _draw_weights(axes: "Axes", found: Agreement) -> None:
    for name, gaps in found.ways.items():
        steps = [gap.step for gap in gaps]
        sizes = [max(gap.weights, NEXT_TO_NOTHING) for gap in gaps]
        way = say(f"evaluate.agreement.way.{_key(name, found.optimizer)}")
        (line,) = axes.plot(steps, sizes, DASHES.get(name, "-"), label=way)
        line.set(color=SHADES[name], marker=MARKERS[name], markersize=4)
    axes.set(yscale="log", title=say("evaluate.agreement.picture.weights"))
    top = max(gap.weights for gaps in found.ways.values() for gap in gaps)
    marks = [10.0**power for power in range(-15, 3, 3) if 10.0**power <= 10 * top]
    sizes_told = [say("evaluate.agreement.cell.size", value=mark) for mark in marks]
    axes.set_yticks([NEXT_TO_NOTHING, *marks], ["0", *sizes_told])
    axes.minorticks_off()


def _draw_losses(axes: "Axes", found: Agreement) -> None:
    gaps = found.ways["chosen"]
    for framework, style in (("pytorch", "-o"), ("tensorflow", "--s")):
        losses = [getattr(gap, f"{framework}_loss") for gap in gaps]
        label = say(f"words.framework_{framework}")
        axes.plot([gap.step for gap in gaps], losses, style, color=COLOURS[framework], label=label)
    axes.set(title=say("evaluate.agreement.picture.losses"))
    axes.set_ylim(bottom=0)


def _key(name: str, optimizer: str) -> str:
    return f"{name}_sgd" if optimizer == "sgd" and name in ("chosen", "float64") else name
