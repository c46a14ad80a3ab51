"""The measures of a model that tells classes apart, each with its interval."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from apprenti.evaluate import counted, roc_area
from apprenti.evaluate.average_precision import average_precision, of_resamples, rank, without_each
from apprenti.evaluate.bootstrap import Drawn
from apprenti.evaluate.intervals import of_share
from apprenti.evaluate.measured import (
    FEWEST_ROWS,
    HIGHEST_AREA,
    MACRO,
    WEIGHTED,
    Measured,
    few_rows,
    told,
    unsaid,
)
from apprenti.evaluate.mistakes import Prediction
from apprenti.evaluate.probabilities import Probabilities
from apprenti.measures import ACCURACY

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

LEAST = 1e-7
"""No class is thought less probable, as in the loss of the scripts."""


class Judged:
    """Rows of classes as arrays: what is true, what was predicted, how sure it was."""

    def __init__(self, made: Sequence[Prediction], known: Probabilities) -> None:
        import numpy as np

        truth, predicted = [one.truth for one in made], [one.predicted for one in made]
        seen = {*truth, *predicted}
        learned = [name for name in known.classes if name in seen]
        self.names = [*learned, *sorted(seen.difference(learned))]
        places = {name: place for place, name in enumerate(self.names)}
        self.truth = np.array([places[name] for name in truth])
        self.predicted = np.array([places[name] for name in predicted])
        self.rows, self.classes = len(made), known.classes
        self.counts = counted.count(self.truth, self.predicted, len(self.names))
        self.drawn = Drawn(self.rows)
        self.sure, self.why_not = known.of_rows, ""
        if known.of_rows is None:
            self.why_not = "no_probabilities"
        elif not np.isfinite(known.of_rows).all():
            self.why_not = "diverged"

    def is_of(self, name: str) -> "Array":
        """Say which rows are of a class."""
        import numpy as np

        if name not in self.names:
            return np.zeros(self.rows, bool)
        return np.asarray(self.truth == self.names.index(name))

    @cached_property
    def few(self) -> str:
        """Why no interval of all the classes promises anything: a key, or nothing."""
        own = self.counts.rows
        if self.rows < FEWEST_ROWS:
            return "few_rows"
        return "few_of_class" if own[own > 0].min() < FEWEST_ROWS else ""


def measure(
    made: Sequence[Prediction], known: Probabilities, positive: str | None = None
) -> list[Measured]:
    """Return the measures of rows, of which there is at least one.

    `positive` is the class that is looked for, where two are told apart: else the second.
    """
    judged = Judged(made, known)
    right = int(judged.counts.right.sum())
    averages = list(_averages(judged))
    return [
        _share(ACCURACY, "", right, judged.rows),
        averages[0],
        *_of_ranks(judged, positive),
        *_of_probabilities(judged),
        *averages[1:],
        *_by_class(judged),
    ]


def _share(name: str, of: str, hits: int, rows: int) -> Measured:
    few = few_rows(name, rows)
    return told(name, of, hits / rows, of_share(hits, rows), "wilson", few)


def _averages(judged: Judged) -> Iterator[Measured]:
    """Yield balanced accuracy, and the means over the classes."""
    import numpy as np

    values = counted.averages(judged.counts)
    pairs = np.column_stack([judged.truth, judged.predicted])
    kinds, times = np.unique(pairs, axis=0, return_counts=True)
    counting = counted.counting(judged.truth, judged.predicted, len(judged.names))
    bounds = judged.drawn.bounds(
        values,
        lambda drawn: counted.averages(counting(drawn)),
        counted.averages(judged.counts.without_each(*kinds.T)),
        times,
    )
    means = [(name, of) for name in counted.BY_CLASS for of in (MACRO, WEIGHTED)]
    for place, (name, of) in enumerate([("balanced_accuracy", ""), *means]):
        if (judged.counts.rows > 0).sum() < 2:
            yield unsaid(name, of, "one_class")
        else:
            ends = float(bounds.low[place]), float(bounds.high[place])
            yield told(name, of, float(values[place]), ends, bounds.method, judged.few)


def _of_ranks(judged: Judged, positive: str | None) -> Iterator[Measured]:
    """Yield the area under ROC and the average precision, of two classes or of each of several."""
    two = len(judged.classes) == 2
    of = (positive or judged.classes[1]) if two else MACRO
    wanted = [of] if two else [name for name in judged.classes if judged.is_of(name).any()]
    why_not = judged.why_not or _why_no_ranks(judged, wanted)
    if why_not or judged.sure is None:
        yield unsaid("auc", of, why_not)
        yield unsaid("average_precision", of, why_not)
        return
    told_of = [(judged.is_of(n), judged.sure[:, judged.classes.index(n)]) for n in wanted]
    areas = [one for one in (roc_area.area(*each) for each in told_of) if one is not None]
    yield _area(of, roc_area.mean_area(areas))
    yield _precision(judged, of, told_of)


def _why_no_ranks(judged: Judged, wanted: Sequence[str]) -> str:
    """Say why rows of these classes cannot be ranked among the others: a key, or nothing."""
    counts = [int(judged.is_of(name).sum()) for name in wanted]
    return "" if counts and all(0 < one < judged.rows for one in counts) else "one_class"


def _area(of: str, area: roc_area.Area) -> Measured:
    few = "few_of_class" if area.fewest < FEWEST_ROWS else ""
    near = "near_one" if area.value > HIGHEST_AREA else ""
    return told("auc", of, area.value, area.interval(), "delong_logit", few or near)


def _precision(judged: Judged, of: str, told_of: "Sequence[tuple[Array, Array]]") -> Measured:
    import numpy as np

    ranked = [rank(*each) for each in told_of]
    value = sum(map(average_precision, ranked)) / len(ranked)
    each = [of_resamples(one) for one in ranked]
    left = _mean_of_known([without_each(one) for one in ranked])

    def resampled(drawn: "Array") -> "Array":
        return _mean_of_known([one(drawn) for one in each])[None]

    bounds = judged.drawn.bounds(np.array([value]), resampled, np.array([left]), parts=len(ranked))
    ends = float(bounds.low[0]), float(bounds.high[0])
    return told("average_precision", of, value, ends, bounds.method, judged.few)


def _mean_of_known(lines: "Sequence[Array]") -> "Array":
    """Return the mean of lines, column by column, of those that have a number there."""
    import numpy as np

    known = np.isfinite(lines)
    counts = known.sum(axis=0)
    sums = np.where(known, lines, 0.0).sum(axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _of_probabilities(judged: Judged) -> Iterator[Measured]:
    """Yield the log loss and the Brier score."""
    import numpy as np

    if judged.why_not or judged.sure is None:
        yield unsaid("log_loss", "", judged.why_not)
        yield unsaid("brier", "", judged.why_not)
        return
    columns = {name: place for place, name in enumerate(judged.classes)}
    places = np.array([columns.get(name, -1) for name in judged.names])[judged.truth]
    of_truth = np.where(places < 0, 0.0, judged.sure[np.arange(judged.rows), places])
    squares = np.einsum("rc,rc->r", judged.sure, judged.sure, dtype=float) - 2 * of_truth + 1
    losses = -np.log(np.maximum(of_truth, LEAST))
    squares /= 2 if len(judged.classes) == 2 else 1
    if (places < 0).any():
        yield unsaid("log_loss", "", "unseen_class")
    else:
        yield _mean(judged, "log_loss", losses, "rounded" if (of_truth < LEAST).any() else "")
    yield _mean(judged, "brier", squares)


def _mean(judged: Judged, name: str, each: "Array", indicative: str = "") -> Measured:
    """Return a measure that is the mean of what each row adds."""
    low, high, method = judged.drawn.of_ratio(each)
    few = few_rows(name, judged.rows)
    return told(name, "", float(each.mean()), (low, high), method, few or indicative)


def _by_class(judged: Judged) -> Iterator[Measured]:
    """Yield precision, recall and F1 of each class."""
    counts = judged.counts
    values = counted.f1(counts)
    low, high, method = _bounds_of_f1(judged, values)
    for place, name in enumerate(judged.names):
        right, own, taken = (int(one[place]) for one in counts)
        if taken:
            yield _share("precision", name, right, taken)
        else:
            yield unsaid("precision", name, "never_predicted")
        if own:
            yield _share("recall", name, right, own)
        else:
            yield unsaid("recall", name, "no_rows_of_class")
        few = "few_of_class" if own < FEWEST_ROWS else ""
        ends = float(low[place]), float(high[place])
        yield told("f1", name, float(values[place]), ends, method, few)


def _bounds_of_f1(judged: Judged, values: "Array") -> "tuple[Array, Array, str]":
    import numpy as np

    pairs = np.column_stack([judged.truth, judged.predicted])
    kinds, times = np.unique(pairs, axis=0, return_counts=True)
    counting = counted.counting(judged.truth, judged.predicted, len(judged.names))
    left = counted.f1(judged.counts.without_each(*kinds.T))
    return judged.drawn.bounds(values, lambda drawn: counted.f1(counting(drawn)), left, times)
