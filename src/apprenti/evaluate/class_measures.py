"""How well a run tells classes apart: precision, recall and F1 by class, and the area under ROC."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate.mistakes import Prediction
from apprenti.evaluate.probabilities import Probabilities

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class OfClass(NamedTuple):
    """How well one class is found again; shares between 0 and 1."""

    name: str
    precision: float | None
    """Of the rows that are taken for it, the share that is of it; None where none is."""
    recall: float | None
    """Of its rows, the share that is taken for it; None where it has none here."""
    f1: float
    rows: int
    taken: int
    """How many rows are taken for it."""
    auc: float | None
    """How often a row of it is given a higher probability of it than a row that is not."""


class Average(NamedTuple):
    """The mean over the classes; what is of none of them counts as 0."""

    precision: float
    recall: float
    f1: float


class ClassMeasures(NamedTuple):
    """How well classes are told apart."""

    rows: int
    accuracy: float
    classes: tuple[OfClass, ...]
    macro: Average
    """Each class counts the same."""
    weighted: Average
    """Each class counts by its rows."""
    auc: float | None
    """Of several classes, the mean of each against all others; None where none can be given."""

    def as_json(self) -> dict[str, Any]:
        return {
            **self._asdict(),
            "classes": [one._asdict() for one in self.classes],
            "macro": self.macro._asdict(),
            "weighted": self.weighted._asdict(),
        }


def measure(made: Sequence[Prediction], probabilities: Probabilities) -> ClassMeasures:
    """Measure what a run says of some rows, of which there is at least one."""
    from sklearn.metrics import precision_recall_fscore_support

    truth, predicted = [one.truth for one in made], [one.predicted for one in made]
    seen = {*truth, *predicted}
    known = [name for name in probabilities.classes if name in seen]
    names = [*known, *sorted(seen.difference(known))]
    precision, recall, f1, rows = precision_recall_fscore_support(
        truth, predicted, labels=names, zero_division=0
    )
    areas = [_auc(name, truth, probabilities) for name in names]
    classes = []
    for place, name in enumerate(names):
        taken, own = predicted.count(name), int(rows[place])
        exact = float(precision[place]) if taken else None
        found = float(recall[place]) if own else None
        classes.append(OfClass(name, exact, found, float(f1[place]), own, taken, areas[place]))
    known_areas = [area for area in areas if area is not None]
    by_class = precision, recall, f1
    return ClassMeasures(
        len(made),
        sum(one.is_right for one in made) / len(made),
        tuple(classes),
        Average(*(float(values.mean()) for values in by_class)),
        Average(*(float((values * rows).sum() / rows.sum()) for values in by_class)),
        sum(known_areas) / len(known_areas) if known_areas else None,
    )


def _auc(name: str, truth: Sequence[str], probabilities: Probabilities) -> float | None:
    """Return the area under the ROC curve of one class against all others."""
    import numpy as np
    from sklearn.metrics import roc_auc_score

    if probabilities.of_rows is None or name not in probabilities.classes:
        return None
    is_it = np.array([one == name for one in truth])
    sure = probabilities.of_rows[:, probabilities.classes.index(name)]
    if is_it.all() or not is_it.any() or not np.isfinite(sure).all():
        return None
    return float(roc_auc_score(is_it, sure))
