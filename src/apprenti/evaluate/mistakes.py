"""Where a run is wrong on the validation set: its mistakes, and the classes that it confuses."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.language import say
from apprenti.run_files import LARGEST_TABLE, Needed, read_json
from apprenti.runs import IN_MODEL, MODEL, Run, read_rows

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

PREDICTIONS, PROBABILITIES = "predictions.csv", "predictions.npz"
"""What a run says of each validation row, and of many classes their probabilities alone."""


class Prediction(NamedTuple):
    """What a run says of one validation row; classes have the names of predictions.csv."""

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
    """How many validation rows are of the true class."""


def predictions(run: Run) -> list[Prediction]:
    """Return what a run says of the validation rows, in their order.

    Empty where it predicts no classes, or is somebody's own script that tells other things.
    """
    rows = read_rows(run.folder / PREDICTIONS)
    if not rows or not {"row", "truth", "predicted", "confidence"} <= rows[0].keys():
        return []
    return list(_predictions(rows, _of_truth(run, rows)))


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
        confidence = _number(row["confidence"])
        yield Prediction(row["row"], row["truth"], row["predicted"], confidence, probability)


def _number(written: str | None) -> float:
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan


def _of_truth(run: Run, rows: Sequence[Mapping[str, str]]) -> list[float]:
    """Return the probability of the true class of each row, from the table or from its file."""
    path = run.folder / PROBABILITIES
    if any(name.startswith("probability_") for name in rows[0] if name) or not path.exists():
        return [_number(row.get(f"probability_{row['truth']}")) for row in rows]
    model = read_json(run.folder / MODEL, {**IN_MODEL, "classes": Needed(IN_MODEL["classes"])})
    places = {str(name): place for place, name in enumerate(model.get("classes", []))}
    probabilities = _read(path, (len(rows), len(places)))
    return [
        float(line[places[row["truth"]]]) if row["truth"] in places else math.nan
        for row, line in zip(rows, probabilities, strict=True)
    ]


def _read(path: Path, shape: tuple[int, int]) -> "Array":
    """Return the probabilities in a file, one row a validation row and one column a class."""
    import zipfile

    import numpy as np

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_TABLE:
                raise RunDamaged(path, say("runs.damage.too_large"))
        with np.load(path, allow_pickle=False) as arrays:
            found: Array = arrays["probabilities"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RunDamaged(path, error) from None
    if found.shape != shape or found.dtype.kind != "f":
        raise RunDamaged(path, say("runs.damage.wrong", place="probabilities"))
    return found
