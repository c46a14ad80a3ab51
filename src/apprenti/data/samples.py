"""The rows of a source that is no table: its labels counted, some of its images drawn."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import images, sources
from apprenti.data.picture import OTHER_COLOUR, save
from apprenti.data.sources import Source
from apprenti.data.split import TEST, parts
from apprenti.language import say
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_CLASSES, EXAMPLES = 10, 8


class Rows(NamedTuple):
    """Inputs and one label each; a test part that comes with the data is not opened."""

    inputs: "Array"
    """Numbers, or the paths of image files."""
    labels: "Array"


def read(source: Source, data: DataSettings) -> tuple[Rows, int]:
    """Return the rows of a source but those of its test part, and how many these are."""
    rows = _read(source)
    if source.has_test_part:
        return rows, 0
    seen = parts(rows.labels, data.split) != TEST
    return Rows(rows.inputs[seen], rows.labels[seen]), int((~seen).sum())


def _read(source: Source) -> Rows:
    import numpy as np

    if source.kind == "digits":
        from sklearn.datasets import load_digits

        digits: Any = load_digits()
        return Rows(digits.images, digits.target)
    folder = source.folder or Path()
    if source.kind == "image_folder":
        files = images.list_images(folder / source.name)
        paths = np.array([folder / source.name / name for name in files])
        return Rows(paths, np.array([name.split("/")[0] for name in files]))
    names = [str(name) for name in source.settings.values()][:2]
    if source.kind == "idx":
        inputs, labels = (sources.read_idx(folder / source.name / name) for name in names)
        return Rows(inputs, labels)
    with np.load(folder / source.name, allow_pickle=False) as arrays:
        return Rows(arrays[names[0]], arrays[names[1]])


def class_counts(labels: "Array") -> tuple[tuple[str, int], ...]:
    """Return each class with its rows, the largest first."""
    import numpy as np

    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple((str(names[place]), int(counts[place])) for place in order)


def are_images(shape: tuple[int, ...]) -> bool:
    """Say if rows of this shape can be shown: height and width, perhaps with 1, 3 or 4 colours."""
    return len(shape) == 2 or (len(shape) == 3 and shape[2] in (1, 3, 4))


def draw(rows: Rows, path: Path) -> Path:
    """Write a PNG with the first images of each class, beside its number of rows."""
    import numpy as np
    from matplotlib.figure import Figure

    names, counts = np.unique(rows.labels, return_counts=True)
    names, counts = names[:MOST_CLASSES], counts[:MOST_CLASSES]
    figure = Figure(figsize=(11, 1.0 + 0.95 * len(names)), layout="constrained")
    grid = figure.subplots(
        len(names), EXAMPLES + 1, squeeze=False, width_ratios=[2] + [1] * EXAMPLES
    )
    for line, name, count in zip(grid, names, counts, strict=True):
        bar = line[0].barh([0], [count], color=OTHER_COLOUR)
        line[0].bar_label(bar, [say("show.count", value=int(count))], label_type="center")
        line[0].set(xlim=(0, counts.max()), yticks=[0], yticklabels=[str(name)[:18]], xticks=[])
        line[0].spines[:].set_visible(False)
        examples = np.flatnonzero(rows.labels == name)[:EXAMPLES]
        for axes, row in zip(line[1:], examples, strict=False):
            axes.imshow(_scaled(_opened(rows.inputs[row])), cmap="gray_r")
        for axes in line[1:]:
            axes.set_axis_off()
    figure.suptitle(say("data.picture_samples"), fontsize="medium")
    return save(figure, path)


def _opened(image: Any) -> "Array":
    return images.small(image) if isinstance(image, Path) else image


def _scaled(image: "Array") -> "Array":
    """Return an image between 0 and 1."""
    import numpy as np

    image = np.squeeze(image).astype(float)
    lowest, highest = image.min(), image.max()
    return (image - lowest) / (highest - lowest) if highest > lowest else image * 0
