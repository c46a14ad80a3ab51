"""The images of some rows, to be looked at: found again by the names that predictions have."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.examples import are_images, drawable
from apprenti.data.kinds.rows import read_inputs
from apprenti.data.source import Source

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def has_images(source: Source) -> bool:
    """Say whether the rows of a source are images."""
    return bool(source.contents) or (source.table is None and are_images(source.shape))


def images_of(source: Source, rows: Sequence[str]) -> "list[Array]":
    """Return the images of these rows, each between 0 and 1; a row is named as in predictions.csv.

    The rows are those of data that have images, and have not changed.
    """
    if source.contents:
        # A table names its images from where it lies itself
        folder = source.path.parent if source.table else source.path
        return [drawable(folder / row) for row in rows]
    inputs = read_inputs(source)
    return [drawable(inputs[int(row)]) for row in rows]
