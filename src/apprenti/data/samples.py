"""The rows of a source that is no table of columns: its labels counted, some images drawn."""

from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import images, sources
from apprenti.data.picture import OTHER_COLOUR, save
from apprenti.data.sources import Source
from apprenti.data.split import TEST, parts, parts_of
from apprenti.language import say
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

MOST_CLASSES, EXAMPLES = 10, 8

RANGES = 5
"""Numbers to be estimated are shown in so many groups of about the same size."""


class Rows(NamedTuple):
    """Inputs and one label each; a test part that comes with the data is not opened."""

    inputs: "Array"
    """Numbers, or the paths of image files."""
    labels: "Array"
    parts: "Array"
    """The part of each row, as in data/split.py."""
    contents: "Array"
    """One hash for each row: the same for exact copies."""
    names: "Array | None" = None
    """What each row is called, where it is a file."""
    target: str = "label"


def read(source: Source, data: DataSettings) -> Rows:
    """Return all the rows of a source that is no table, or is a table of images."""
    import numpy as np

    if source.contents:
        return _files(source, data)
    inputs, answers = _inputs(source), _labels(source)
    of = parts(answers, data.split, has_test_part=source.has_test_part)
    contents = np.array([blake2b(row.tobytes(), digest_size=16).hexdigest() for row in inputs])
    return Rows(inputs, answers, of, contents)


def without_test(rows: Rows) -> tuple[Rows, int]:
    """Return the rows but those of the test part, and how many these are."""
    seen = rows.parts != TEST
    names = None if rows.names is None else rows.names[seen]
    inputs, labels = rows.inputs[seen], rows.labels[seen]
    kept = Rows(inputs, labels, rows.parts[seen], rows.contents[seen], names, rows.target)
    return kept, int((~seen).sum())


def labels(source: Source) -> tuple["Array | None", "Array"]:
    """Return the names, where rows have some, and the labels of a source that is no table."""
    return _of_folder(source) if source.kind == "image_folder" else (None, _labels(source))


def _of_folder(source: Source) -> tuple["Array", "Array"]:
    import numpy as np

    names = images.list_images((source.folder or Path()) / source.name)
    return np.array(names), np.array([name.split("/")[0] for name in names])


def _files(source: Source, data: DataSettings) -> Rows:
    import numpy as np

    folder, table = (source.folder or Path()), source.table
    if table is None:
        folder, target = folder / source.name, "label"
        names, answers = _of_folder(source)
        of = parts(answers, data.split)
    else:
        target = table.columns.target
        answered = table.frame[target].notna().to_numpy()
        names = table.frame[str(table.columns.image)][answered].to_numpy(object)
        answers = table.frame[target][answered].to_numpy()
        of = parts_of(table, data.split, data)[answered]
    files = np.array([folder / name for name in names])
    return Rows(files, answers, of, np.array(source.contents), names, target)


def _inputs(source: Source) -> "Array":
    return _array(source, 0)


def _labels(source: Source) -> "Array":
    return _array(source, 1)


def _array(source: Source, which: int) -> "Array":
    """Return the inputs (0) or the labels (1)."""
    import numpy as np

    if source.kind == "digits":
        return _digits()[which]
    place = (source.folder or Path()) / source.name
    if source.kind == "idx":
        return sources.read_idx(place / source.settings["files"][which])
    name = str([*source.settings.values()][which])
    with np.load(place, allow_pickle=False) as arrays:
        return np.asarray(arrays[name])


def _digits() -> tuple["Array", "Array"]:
    """Return the digits of scikit-learn from its file: importing it would take a second."""
    from importlib.util import find_spec

    import numpy as np

    found = find_spec("sklearn")
    (folder,) = (found and found.submodule_search_locations) or [""]
    table = np.loadtxt(Path(folder) / "datasets" / "data" / "digits.csv.gz", delimiter=",")
    return table[:, :-1].reshape(-1, 8, 8), table[:, -1].astype(int)


def class_counts(labels: "Array") -> tuple[tuple[str, int], ...]:
    """Return each class with its rows, the largest first."""
    import numpy as np

    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple((str(names[place]), int(counts[place])) for place in order)


def answers(rows: Rows, task: str) -> dict[str, Any]:
    """Return what the answers are: rows by class, or what numbers are about."""
    import numpy as np

    told: dict[str, Any] = {"target": rows.target, "classes": ()}
    if task == "classification":
        return {**told, "classes": class_counts(rows.labels)}
    numbers = rows.labels.astype(float)
    found = {
        "lowest": float(numbers.min()),
        "highest": float(numbers.max()),
        "mean": float(numbers.mean()),
        "median": float(np.median(numbers)),
    }
    return {**told, "answers": found}


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
        line[0].bar_label(bar, [say("show.count", value=int(count))], label_type="center")
        line[0].set(xlim=(0, counts.max()), yticks=[0], yticklabels=[str(name)[:18]], xticks=[])
        line[0].spines[:].set_visible(False)
        examples = np.flatnonzero(labels == name)[:EXAMPLES]
        for axes, row in zip(line[1:], examples, strict=False):
            axes.imshow(_scaled(_opened(rows.inputs[row])), cmap="gray_r")
        for axes in line[1:]:
            axes.set_axis_off()
    figure.suptitle(say(f"data.picture_{task}"), fontsize="medium")
    return save(figure, path)


def _opened(image: Any) -> "Array":
    return images.small(image) if isinstance(image, Path) else image


def _scaled(image: "Array") -> "Array":
    """Return an image between 0 and 1."""
    import numpy as np

    image = np.squeeze(image).astype(float)
    lowest, highest = image.min(), image.max()
    return (image - lowest) / (highest - lowest) if highest > lowest else image * 0
