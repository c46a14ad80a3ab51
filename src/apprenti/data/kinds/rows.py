"""The rows of a source that is no table of columns: inputs, labels, and what each row is called."""

from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import arrays, digits, idx, image_folder
from apprenti.data.kinds.facts import Source

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

INPUTS = {"digits": digits.inputs, "idx": idx.inputs, "arrays": arrays.inputs}
LABELS = {"digits": digits.labels, "idx": idx.labels, "arrays": arrays.labels}


def read_inputs(source: Source) -> "Array":
    """Return the inputs of a source whose rows are no files, the first dimension its rows."""
    return INPUTS[source.kind](source)


def read_labels(source: Source) -> tuple["Array | None", "Array"]:
    """Return what each row is called, where rows have names, and its label."""
    if source.kind == "image_folder":
        return image_folder.names_and_labels(source)
    return None, LABELS[source.kind](source)
