"""The digits that scikit-learn brings: 1797 images of 8 × 8 points."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.facts import Source

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NAME = "digits"
ROWS, CLASSES, SHAPE = 1797, 10, (8, 8)


def open_digits() -> Source:
    return Source(NAME, "", None, ROWS, SHAPE, CLASSES, False, {}, {})


def inputs(source: Source) -> "Array":
    """Return the images, of shape (1797, 8, 8)."""
    return _table()[:, :-1].reshape(-1, *source.shape)


def labels(source: Source) -> "Array":
    return _table()[:, -1].astype(int)


def _table() -> "Array":
    """Return the table of scikit-learn from its file: importing it would take a second."""
    from importlib.util import find_spec

    import numpy as np

    found = find_spec("sklearn")
    (folder,) = (found and found.submodule_search_locations) or [""]
    return np.loadtxt(Path(folder) / "datasets" / "data" / "digits.csv.gz", delimiter=",")
