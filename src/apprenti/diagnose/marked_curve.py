"""The curves of a run, with the places marked of which its diagnosis speaks."""

from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.diagnose import Diagnosis
from apprenti.language import say
from apprenti.train import curves

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "diagnosis.png"

COLOUR = "#c92a2a"

MARKED = {"R02": "epoch", "R08": "epoch"}
"""The findings that are about one epoch, and the value that says which."""


def draw(diagnosis: Diagnosis, folder: Path) -> Path:
    """Write the marked curves as a PNG into a folder."""
    return drawing.save(figure(diagnosis), folder / FILE, dpi=120)


@drawing.our_settings()
def figure(diagnosis: Diagnosis) -> "Figure":
    """Draw the curves; a line stands at each epoch of which a finding speaks."""
    drawn = drawing.new_figure(curves.WIDTH, curves.HEIGHT, layout="constrained")
    curves.draw_on(drawn, [diagnosis.run], [diagnosis.evidence.history])
    for one in diagnosis.found:
        epoch = one.values.get(MARKED.get(one.code, ""))
        if epoch is None:
            continue
        words = say(f"diagnose.marked.{one.code}", epoch=epoch)
        for axes in drawn.axes[:2]:
            axes.axvline(epoch, color=COLOUR, linewidth=1.2, linestyle=":")
        drawn.axes[0].annotate(
            f" {words}",
            (epoch, 0.98),
            xycoords=("data", "axes fraction"),
            color=COLOUR,
            va="top",
            fontsize="small",
        )
    return drawing.in_language(drawn)
