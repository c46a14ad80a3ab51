"""Where a run is wrong on the rows that it is judged on: mistakes, and classes that it confuses."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.probabilities import COLUMN, number, of_file
from apprenti.runs import Run, read_rows

PREDICTIONS = VALIDATION.predictions
"""What a run says of each validation row."""


class Prediction(NamedTuple):
    """What a run says of one row; classes have the names of predictions.csv."""

    row: str
    """Its place in the data, or the name of its image."""
    truth: str
    predicted: str
    confidence: float
    """The probability of the class that is predicted."""
    of_truth: float
    """The probability of the true class; not a number where the run does not tell it."""

    @property
    def is_right(self) -> bool:
        return self.truth == self.predicted


class Confusion(NamedTuple):
    """Rows of one class that are taken for another."""

    truth: str
    predicted: str
    rows: int
    of_class: int
    """How many rows are of the true class."""


def predictions(run: Run, part: Part = VALIDATION) -> list[Prediction]:
    """Return what a run says of the rows of a part, in their order.

    Empty where it predicts no classes, or is somebody's own script that tells other things.
    """
    rows = read_rows(run.folder / part.predictions)
    if not rows or not {"row", "truth", "predicted", "confidence"} <= rows[0].keys():
        return []
    return list(_predictions(rows, _of_truth(run, rows, part)))


def mistakes(made: Iterable[Prediction]) -> list[Prediction]:
    """Return the rows of which the prediction is wrong, the surest of them first."""
    wrong = [one for one in made if not one.is_right and math.isfinite(one.confidence)]
    return sorted(wrong, key=lambda one: -one.confidence)


def confusions(made: Sequence[Prediction]) -> list[Confusion]:
    """Return which class is taken for which other, the most frequent first."""
    of = Counter(one.truth for one in made)
    pairs = Counter((one.truth, one.predicted) for one in made if not one.is_right)
    return [Confusion(*pair, count, of[pair[0]]) for pair, count in pairs.most_common()]


def _predictions(
    rows: Iterable[Mapping[str, str]], of_truth: Iterable[float]
) -> Iterator[Prediction]:
    for row, probability in zip(rows, of_truth, strict=True):
        confidence = number(row["confidence"])
        yield Prediction(row["row"], row["truth"], row["predicted"], confidence, probability)


def _of_truth(run: Run, rows: Sequence[Mapping[str, str]], part: Part) -> list[float]:
    """Return the probability of the true class of each row, from the table or from its file."""
    in_table = any(name.startswith(COLUMN) for name in rows[0] if name)
    left = None if in_table else of_file(run, len(rows), part)
    if left is None:
        return [number(row.get(f"{COLUMN}{row['truth']}")) for row in rows]
    classes, probabilities = left
    places = {name: place for place, name in enumerate(classes)}
    return [
        float(line[places[row["truth"]]]) if row["truth"] in places else math.nan
        for row, line in zip(rows, probabilities, strict=True)
    ]
