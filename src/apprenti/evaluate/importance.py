"""Permutation importance: how much worse the model is once a column is shuffled among the rows.

As in scikit-learn's permutation_importance: with the same seed the orders are the same. Columns
that are strongly related are shuffled together as well: alone, one stands in for the other.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate import intervals

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from apprenti.evaluate.changed_rows import Said

    Array = np.ndarray[Any, Any]

STRONG = 0.8
"""From here on two columns are taken for each other's substitute: rank correlation, Cramér's V, or
the correlation ratio of a number and a category."""

MOST_CATEGORIES = 40
"""Of more columns the relations with categories are not asked for: there are too many pairs."""


class Importance(NamedTuple):
    """What shuffling costs, in the unit of the measure."""

    columns: tuple[str, ...]
    """One, or several that are shuffled together."""
    drops: tuple[float, ...]
    """By how much the measure fell, each time."""

    @property
    def mean(self) -> float:
        return sum(self.drops) / len(self.drops)

    @property
    def interval(self) -> tuple[float, float]:
        """The interval at 95 % of the mean over all orders, on these rows."""
        import numpy as np

        return intervals.of_mean(np.array(self.drops))

    @property
    def low(self) -> float:
        return self.interval[0]

    @property
    def high(self) -> float:
        return self.interval[1]

    @property
    def matters(self) -> bool:
        """Whether more is lost than chance explains."""
        return self.low > 0

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in ("mean", "low", "high")}
        return {"columns": [*self.columns], **told, "drops": [*self.drops]}


def orders(rows: int, repeats: int, seed: int) -> "list[Array]":
    """Return orders of rows, each a shuffle of the one before."""
    import numpy as np

    # What sklearn.inspection.permutation_importance does with random_state=seed
    first = np.random.RandomState(seed).randint(np.iinfo(np.int32).max + 1)
    random, shuffle, order = np.random.RandomState(first), np.arange(rows), np.arange(rows)
    made = []
    for _ in range(repeats):
        random.shuffle(shuffle)
        order = order[shuffle]
        made.append(order)
    return made


def shuffled(
    frame: "pd.DataFrame", columns: Sequence[str], made: "Sequence[Array]"
) -> "Iterator[pd.DataFrame]":
    """Yield the rows with these columns in each of the orders, all others as they are."""
    for order in made:
        changes = {name: frame[name].iloc[order].set_axis(frame.index) for name in columns}
        yield frame.assign(**changes)


def score(truth: Sequence[str], said: "Said") -> float:
    """Return the accuracy of classes, R² of numbers."""
    import numpy as np

    if said.predicted.dtype.kind == "U":
        return float((said.predicted == np.array(truth)).mean())
    true = np.array([*map(float, truth)])
    spread = ((true - true.mean()) ** 2).sum()
    return float(1 - ((true - said.predicted) ** 2).sum() / spread) if spread else 0.0


def related(values: "pd.DataFrame", columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the groups of strongly related columns, each in the order of the table."""
    together = {name: {name} for name in columns}
    for one, other in _strong(values, columns):
        joined = together[one] | together[other]
        together |= dict.fromkeys(joined, joined)
    groups = {tuple(name for name in columns if name in found) for found in together.values()}
    return sorted((one for one in groups if len(one) > 1), key=lambda one: columns.index(one[0]))


def _strong(values: "pd.DataFrame", columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    from apprenti.data.describe.relation import NUMBERS, holds, relation

    numbers = [name for name in columns if holds(values[name]) == NUMBERS]
    ranks = values[numbers].rank()
    strong = ranks.corr().abs().to_numpy() >= STRONG
    for place, one in enumerate(numbers):
        yield from ((one, numbers[at]) for at in range(place) if strong[place, at])
    if len(columns) > MOST_CATEGORIES:
        return
    words = [name for name in columns if name not in numbers]
    for place, one in enumerate(words):
        for other in [*words[:place], *numbers]:
            is_word = other in words
            with_it = values[other] if is_word else ranks[other]
            if (relation(values[one], with_it, classes=is_word) or 0) >= STRONG:
                yield one, other
