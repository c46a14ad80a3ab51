"""The images that a run was wrong about, the surest mistakes first, in one picture."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import drawing
from apprenti.data.describe.examples import drawable
from apprenti.evaluate.data_rows import DataRow
from apprenti.evaluate.mistakes import Prediction
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FILE = "mistakes.png"
ACROSS = 5


def draw(
    shown: Sequence[tuple[Prediction, DataRow]],
    path: Path,
    words: str = "evaluate.mistakes",
    picture: str = "picture_valid",
) -> Path:
    """Write mistakes and their images as a picture (PNG).

    `words` are the texts that say them, `picture` that of its title.
    """
    return drawing.save(figure(shown, words, picture), path, dpi=120)


@drawing.our_settings()
def figure(
    shown: Sequence[tuple[Prediction, DataRow]],
    words: str = "evaluate.mistakes",
    picture: str = "picture_valid",
) -> "Figure":
    """Draw each image under what it is and what it was taken for."""
    from matplotlib.figure import Figure

    across = min(ACROSS, len(shown))
    down = math.ceil(len(shown) / across)
    drawn = Figure(figsize=(max(3.2, 1.9 * across), 2.3 * down + 0.4), layout="constrained")
    grid = drawn.subplots(down, across, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    for axes, (one, row) in zip(grid.flat, shown, strict=False):
        axes.imshow(drawable(row.image), cmap="gray_r")
        names = {"truth": _short(one.truth), "predicted": _short(one.predicted)}
        title = say(f"{words}.image", row=_short(one.row), **names, sure=100 * one.confidence)
        axes.set_title(title, fontsize="x-small")
    drawn.suptitle(say(f"{words}.{picture}"), fontsize="medium")
    return drawn


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= 16 else f"{name[:15]}…"
