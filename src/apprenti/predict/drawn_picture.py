"""New drawings beside what the model saw of them: as a picture in the folder of the run."""

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import drawing
from apprenti.data.formats import shown
from apprenti.language import say
from apprenti.predict.drawings import Drawing
from apprenti.printable import printable

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.figure import Figure

    Array = np.ndarray[Any, Any]

FILE = "drawings.png"
"""In the folder of a run; each prediction of drawings replaces it."""

MOST, ACROSS = 12, 3
"""So many drawings at most, and so many of them beside each other."""


def save(folder: Path, drawings: Sequence[Drawing], answers: Sequence[str]) -> Path:
    """Draw the first ones, each with the answer to it, and return where the picture is."""
    with drawing.our_settings():
        figure = draw(drawings[:MOST], answers[:MOST])
    return drawing.save(figure, folder / FILE, dpi=110)


def show_in_notebook(
    folder: Path, drawings: Sequence[Drawing], answers: Sequence[Mapping[str, str]]
) -> None:
    """Show the picture where a notebook asks, and nowhere else."""
    ipython = sys.modules.get("IPython")
    asking = ipython.get_ipython() if ipython else None
    if drawings and asking is not None and hasattr(asking, "kernel"):
        path = save(folder, drawings, [row["predicted"] for row in answers])
        display = importlib.import_module("IPython.display")
        display.display(display.Image(filename=str(path)))


def draw(drawings: Sequence[Drawing], answers: Sequence[str]) -> "Figure":
    """Return each drawing as it was given, and beside it what the model saw."""
    import numpy as np
    from matplotlib.figure import Figure

    across = min(ACROSS, len(drawings))
    down = -(-len(drawings) // across)
    figure = Figure(figsize=(3.6 * across, 2.3 * down), layout="constrained")
    axes = np.ravel(figure.subplots(down, 2 * across, squeeze=False)).tolist()
    for place, (one, answer) in enumerate(zip(drawings, answers, strict=True)):
        left, right = axes[2 * place : 2 * place + 2]
        left.imshow(given(one.path))
        left.set_title(_short(one.path.name), fontsize=8)
        right.imshow(np.array(one.points), cmap="gray", vmin=0, vmax=255)
        right.set_title(printable(say("predict.drawn.answer", answer=answer)), fontsize=8)
        left.set_xlabel(say("predict.drawn.given"), fontsize=7)
        right.set_xlabel(say("predict.drawn.shown"), fontsize=7)
    for axis in axes[: 2 * len(drawings)]:
        axis.set_xticks([])
        axis.set_yticks([])
    for axis in axes[2 * len(drawings) :]:
        axis.axis("off")
    return figure


def given(path: Path) -> "Array":
    """Return an image as it was given, in three colours, on white where it is transparent."""
    import numpy as np
    from PIL import Image, ImageOps

    from apprenti.data.formats import IMAGE_FORMATS

    with Image.open(path, formats=IMAGE_FORMATS) as opened:
        image = ImageOps.exif_transpose(opened).convert("RGBA")
    image.thumbnail((300, 300))
    page = Image.new("RGBA", image.size, "white")
    return np.asarray(Image.alpha_composite(page, image).convert("RGB"))


def _short(name: str) -> str:
    told = shown(name)
    return printable(told if len(told) <= 24 else f"…{told[-23:]}")
