"""A picture of the first images of each class, or of each range of a number."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.picture import OTHER_COLOUR, save
from apprenti.data.describe.samples import Rows
from apprenti.data.kinds import images
from apprenti.drawing import our_settings
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_CLASSES, EXAMPLES = 10, 8

RANGES = 5
"""Numbers to be estimated are shown in so many groups of about the same size."""


def are_images(shape: tuple[int, ...]) -> bool:
    """Say if rows of this shape can be shown: height and width, perhaps with 1, 3 or 4 colours."""
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))


def ranges(labels: "Array") -> "Array":
    """Return numbers as texts, each the fifth of all numbers that it lies in."""
    import numpy as np

    edges = np.unique(np.quantile(labels, np.linspace(0, 1, RANGES + 1)))
    places = np.clip(np.searchsorted(edges, labels, side="right") - 1, 0, len(edges) - 2)
    written = [say("data.number", value=edge) for edge in edges]
    named = [say("data.range", low=low, high=high) for low, high in pairwise(written)]
    # Numbered, so that they stay in order
    return np.array([f"{place + 1}. {named[place]}" for place in places])


@our_settings()
def draw(rows: Rows, path: Path, task: str = "classification") -> Path:
    """Write a PNG with the first images of each class, or range, beside its number of rows."""
    import numpy as np
    from matplotlib.figure import Figure

    labels = rows.labels if task == "classification" else ranges(rows.labels)
    names, counts = np.unique(labels, return_counts=True)
    names, counts = names[:MOST_CLASSES], counts[:MOST_CLASSES]
    figure = Figure(figsize=(11, 1.0 + 0.95 * len(names)), layout="constrained")
    grid = figure.subplots(
        len(names), EXAMPLES + 1, squeeze=False, width_ratios=[2] + [1] * EXAMPLES
    )
    for line, name, count in zip(grid, names, counts, strict=True):
        bar = line[0].barh([0], [count], color=OTHER_COLOUR)
        line[0].bar_label(bar, [say("words.shape.count", value=int(count))], label_type="center")
        line[0].set(xlim=(0, counts.max()), yticks=[0], yticklabels=[_label(name)], xticks=[])
        line[0].spines[:].set_visible(False)
        examples = np.flatnonzero(labels == name)[:EXAMPLES]
        for axes, row in zip(line[1:], examples, strict=False):
            axes.imshow(drawable(rows.inputs[row]), cmap="gray_r")
        for axes in line[1:]:
            axes.set_axis_off()
    figure.suptitle(say(f"data.picture_{task}"), fontsize="medium")
    return save(figure, path)


def _label(name: object) -> str:
    return printable(str(name))[:18]


def drawable(image: Any) -> "Array":
    """Return an image, or that in a file, as Matplotlib can show it: between 0 and 1."""
    return _scaled(images.small(image) if isinstance(image, Path) else image)


def _scaled(image: "Array") -> "Array":
    """Return an image between 0 and 1."""
    import numpy as np

    image = np.squeeze(image).astype(float)
    lowest, highest = image.min(), image.max()
    return (image - lowest) / (highest - lowest) if highest > lowest else image * 0
