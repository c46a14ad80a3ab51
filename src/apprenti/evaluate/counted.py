"""What is computed from counts alone: balanced accuracy, precision, recall and F1 by class."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Counts(NamedTuple):
    """By class, how many rows; of several sets of rows, a column each (classes × sets)."""

    right: "Array"
    """Rows of the class that are taken for it."""
    rows: "Array"
    taken: "Array"

    def without_each(self, truth: "Array", predicted: "Array") -> "Counts":
        """Return what is left without one row of a true and a predicted class, a column a pair."""
        import numpy as np

        columns = np.arange(len(truth))
        left = Counts(*(np.repeat(one[:, None], len(truth), axis=1) for one in self))
        left.rows[truth, columns] -= 1
        left.taken[predicted, columns] -= 1
        left.right[truth, columns] -= truth == predicted
        return left


def count(truth: "Array", predicted: "Array", classes: int) -> Counts:
    """Count rows by their classes, which are numbers."""
    import numpy as np

    each = (truth[truth == predicted], truth, predicted)
    return Counts(*(np.bincount(one, minlength=classes) for one in each))


def counting(truth: "Array", predicted: "Array", classes: int) -> "Callable[[Array], Counts]":
    """Return what counts resamples of rows, by how often each row was drawn (rows × resamples)."""
    import numpy as np
    from scipy import sparse

    rows = np.arange(len(truth))
    right = rows[truth == predicted]
    pairs = ((truth[right], right), (truth, rows), (predicted, rows))
    shape = (classes, len(truth))
    sums = [sparse.csr_array((np.ones(len(of)), (of, row)), shape) for of, row in pairs]
    return lambda drawn: Counts(*(one @ drawn for one in sums))


def balanced_accuracy(counts: Counts) -> "Array":
    """Return the mean of the shares of each class that are found, of those that have rows."""
    import numpy as np

    there = counts.rows > 0
    found = np.where(there, counts.right / np.maximum(counts.rows, 1), 0.0)
    return np.asarray(found.sum(axis=0) / np.maximum(there.sum(axis=0), 1))


def precision(counts: Counts) -> "Array":
    import numpy as np

    return counts.right / np.maximum(counts.taken, 1)


def recall(counts: Counts) -> "Array":
    import numpy as np

    return counts.right / np.maximum(counts.rows, 1)


def f1(counts: Counts) -> "Array":
    import numpy as np

    return np.asarray(2 * counts.right / np.maximum(counts.rows + counts.taken, 1))


BY_CLASS = {"precision": precision, "recall": recall, "f1": f1}
"""Of a class of which there is none, 0."""


def averages(counts: Counts) -> "Array":
    """Return balanced accuracy, then the mean over the classes and by their rows of each measure.

    One line each; one column a set of rows.
    """
    import numpy as np

    shares = counts.rows / np.maximum(counts.rows.sum(axis=0), 1)
    lines = [balanced_accuracy(counts)]
    for by_class in BY_CLASS.values():
        each = by_class(counts)
        lines += [each.mean(axis=0), (each * shares).sum(axis=0)]
    return np.array(lines)
