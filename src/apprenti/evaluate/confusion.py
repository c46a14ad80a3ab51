"""Which class is taken for which: the confusion matrix, as numbers and as a picture."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import drawing
from apprenti.evaluate.mistakes import Prediction
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    Array = np.ndarray[Any, Any]

FILE = "confusion.png"


class ConfusionMatrix(NamedTuple):
    """How many rows of each class are taken for each."""

    classes: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]
    """One line a true class, one column a predicted class."""


def confusion_matrix(made: Sequence[Prediction], classes: Sequence[str]) -> ConfusionMatrix:
    """Count rows by their true and their predicted class."""
    pairs = Counter((one.truth, one.predicted) for one in made)
    lines = (tuple(pairs[truth, predicted] for predicted in classes) for truth in classes)
    return ConfusionMatrix(tuple(classes), tuple(lines))


# ---- The picture


WITH_NUMBERS, WITH_NAMES = 20, 40
"""Up to so many classes each cell has its number, each line its name."""

SMALLEST = 0.25
"""The share of a class up to which the shades of its mistakes go at least."""

LONGEST = 18
"""Letters of the name of a class."""


def draw(matrix: ConfusionMatrix, path: Path, part: Part = VALIDATION) -> Path:
    """Write the matrix as a picture (PNG)."""
    return drawing.save(figure(matrix, part), path, dpi=120)


@drawing.our_settings()
def figure(matrix: ConfusionMatrix, part: Part = VALIDATION) -> "Figure":
    """Draw the share of each true class that is taken for each: blue is right, orange wrong.

    The shades of the mistakes go up to the largest of them, or they would not be seen.
    """
    import numpy as np
    from matplotlib.figure import Figure

    counts = np.array(matrix.counts)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    diagonal = np.eye(len(counts), dtype=bool)
    wrong = np.where(diagonal, 0.0, shares)
    names = len(counts) <= WITH_NAMES
    room = 0.09 * max(len(_name(name)) for name in matrix.classes) if names else 0.4
    side = min(9.0, max(2.6, 0.5 * len(counts)))
    drawn = Figure(figsize=(side + 1.2 + room, side + 1.2 + room), layout="constrained")
    axes = drawn.subplots()
    largest = max(SMALLEST, 1.4 * float(wrong.max()))
    shades = np.where(diagonal, shares / 1.25, wrong / largest)
    for colours, hidden in (("Blues", ~diagonal), ("Oranges", diagonal | (counts == 0))):
        shown = np.ma.array(shades, mask=hidden)
        axes.imshow(shown, cmap=colours, vmin=0, vmax=1, interpolation="nearest")
    if len(counts) <= WITH_NUMBERS:
        _write_numbers(axes, counts, shades)
    _label(axes, matrix, part, names)
    return drawn


def _write_numbers(axes: "Axes", counts: "Array", shades: "Array") -> None:
    for line, of_class in enumerate(counts):
        for column, count in enumerate(of_class):
            if count or line == column:
                words = say("words.shape.count", value=int(count))
                colour = "white" if shades[line, column] > 0.55 else "black"
                style: dict[str, Any] = {"fontsize": "small", "color": colour}
                axes.text(column, line, words, ha="center", va="center", **style)


def _label(axes: "Axes", matrix: ConfusionMatrix, part: Part, names: bool) -> None:
    rows = sum(map(sum, matrix.counts))
    title = say(f"evaluate.confusion.picture_{part.name}", rows=rows)
    axes.set_title(title, loc="left", fontsize="medium")
    titles = [say("evaluate.confusion.predicted"), say("evaluate.confusion.truth")]
    if not names:
        titles = [say("evaluate.confusion.by_place", title=title) for title in titles]
    axes.set(xlabel=titles[0], ylabel=titles[1])
    if names:
        labels, places = [_name(name) for name in matrix.classes], range(len(matrix.classes))
        crowded = sum(map(len, labels)) > 40
        axes.set_xticks(places, labels, rotation=90 if crowded else 0, fontsize="small")
        axes.set_yticks(places, labels, fontsize="small")
    axes.tick_params(length=0)
    if names:
        edges = [place + 0.5 for place in places][:-1]
        axes.set_xticks(edges, minor=True)
        axes.set_yticks(edges, minor=True)
        axes.grid(which="minor", color="#dee2e6", linewidth=0.5)
        axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)


def _name(written: str) -> str:
    name = printable(written)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
