"""Average precision: how pure the rows are that a class is most probable for, as more are taken.

The sum over the thresholds of the precision there times the recall gained, as scikit-learn has it;
rows as probable as each other are taken together.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Ranked(NamedTuple):
    """Rows from the most probable to the least, in groups that are as probable."""

    order: "Array"
    own: "Array"
    """Which of them, in that order, are of the class."""
    group: "Array"
    """The number of the group of each."""
    ends: "Array"
    """The place of the last row of each group."""


def rank(is_it: "Array", sure: "Array") -> Ranked:
    """Rank rows of which at least one is of the class."""
    import numpy as np

    order = np.argsort(-sure, kind="stable")
    steps = np.diff(sure[order]) != 0
    ends = np.append(np.flatnonzero(steps), len(order) - 1)
    return Ranked(order, is_it[order], np.concatenate([[0], np.cumsum(steps)]), ends)


def average_precision(ranked: Ranked) -> float:
    """Return it for the rows themselves."""
    import numpy as np

    every = np.ones((len(ranked.order), 1))
    return float(of_resamples(ranked)(every)[0])


def of_resamples(ranked: Ranked) -> "Callable[[Array], Array]":
    """Return what gives it for resamples, by how often each row was drawn (rows × resamples).

    Not a number where no row of the class was drawn.
    """
    import numpy as np
    from scipy import sparse

    # Only in groups with rows of the class does recall grow: the others are added to the next
    growing = np.unique(ranked.group[ranked.own])
    steps = np.searchsorted(growing, ranked.group)
    shape = len(growing), len(ranked.order)
    counted = [
        sparse.csr_array((np.ones(some.sum()), (steps[some], ranked.order[some])), shape)
        for some in (steps < len(growing), ranked.own)
    ]

    def averaged(drawn: "Array") -> "Array":
        taken, gained = (one @ drawn for one in counted)
        found = np.cumsum(gained, axis=0)
        purity = found / np.maximum(np.cumsum(taken, axis=0), 1)
        with np.errstate(invalid="ignore"):
            return np.asarray((gained * purity).sum(axis=0) / found[-1])

    return averaged


def without_each(ranked: Ranked) -> "Array":
    """Return it without each row, in the order of the rows; not a number without the only one."""
    import numpy as np

    own = np.add.reduceat(ranked.own.astype(float), np.append(0, ranked.ends[:-1] + 1))
    found, taken = np.cumsum(own), ranked.ends + 1.0
    total = found[-1]
    rest = np.maximum(taken - 1, 1)
    before = np.append(0, np.cumsum(own * found / taken))[:-1]
    after_one = _sums_after(own * (found - 1) / rest)
    after_other = _sums_after(own * found / rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        one = (before + (own - 1) * (found - 1) / rest + after_one) / (total - 1)
        other = (before + own * found / rest + after_other) / total
    left = np.empty(len(ranked.order))
    left[ranked.order] = np.where(ranked.own, one[ranked.group], other[ranked.group])
    return left


def _sums_after(values: "Array") -> "Array":
    """Return for each value the sum of those that follow it."""
    import numpy as np

    return np.append(np.cumsum(values[::-1])[::-1], 0)[1:]
