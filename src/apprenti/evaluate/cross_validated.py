"""What came of the folds of a run: the score of each, their mean, its spread and its interval."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from apprenti.evaluate import intervals
from apprenti.measures import VALID, Measure, common_score, measure_named
from apprenti.run_files import NUMBER, ListOf, Needed, read_json
from apprenti.runs import COMPLETE, Run, kept_row, read_rows

FOLDS, CURVES, OUT_OF_FOLD = "folds.json", "folds.csv", "out_of_fold.csv"

IN_FOLDS = {
    "how": Needed(["random", "groups", "time"]),
    "folds": Needed(
        ListOf(
            {
                "fold": Needed(int),
                "status": Needed(str),
                "train_rows": Needed(int),
                "valid_rows": Needed(int),
                "epoch": Needed(int),
                "seconds": Needed(NUMBER),
            }
        )
    ),
}


class Fold(NamedTuple):
    """One fold: how its training ended, and its history."""

    number: int
    status: str
    train_rows: int
    valid_rows: int
    epoch: int
    """The one whose model was kept: the last, or with early stopping the best."""
    seconds: float
    history: Sequence[Mapping[str, float]]

    def last(self, name: str) -> float | None:
        """Return what the model that was kept reaches; None where it is no number, or no end."""
        value = kept_row(self.history, self.epoch).get(name, math.nan)
        return value if self.status in COMPLETE and math.isfinite(value) else None


class Mean(NamedTuple):
    """The mean of a measure over the folds."""

    folds: int
    """How many have the measure."""
    mean: float
    spread: float | None
    """The standard deviation of the folds; None of a single one."""
    low: float | None
    high: float | None
    """Its interval with a confidence of 95 % (`intervals.of_folds`)."""


class CrossValidated(NamedTuple):
    run: Run
    how: str
    folds: Sequence[Fold]

    @property
    def measure(self) -> Measure:
        """The main score."""
        return common_score(fold.history[-1] for fold in self.folds if fold.history)

    def mean(self, name: str) -> Mean | None:
        """Return the mean of a measure over the folds that have it; None where none has."""
        import numpy as np

        found = [(value, fold) for fold in self.folds if (value := fold.last(name)) is not None]
        if not found:
            return None
        values = np.array([value for value, _ in found])
        mean = float(values.mean())
        if len(values) < 2:
            return Mean(1, mean, None, None, None)
        shares = [fold.valid_rows / fold.train_rows for _, fold in found if fold.train_rows]
        low, high = intervals.of_folds(values, sum(shares) / len(shares) if shares else 0.0)
        if measure_named(name.partition("_")[2]).unit == "percent":
            low, high = max(0.0, low), min(1.0, high)
        return Mean(len(values), mean, float(values.std(ddof=1)), low, high)

    @property
    def score(self) -> Mean | None:
        return self.mean(f"{VALID}{self.measure.name}")

    def as_json(self) -> dict[str, Any]:
        """Return all of it but the curves."""
        loss, score = self.mean(f"{VALID}loss"), self.score
        return {
            "how": self.how,
            "measure": self.measure.name,
            "score": score._asdict() if score else None,
            "loss": loss._asdict() if loss else None,
            "interval": "nadeau_bengio",
            "confidence": intervals.CONFIDENCE,
            "folds": [self._of_fold(fold) for fold in self.folds],
        }

    def _of_fold(self, fold: Fold) -> dict[str, Any]:
        names = [f"{part}{name}" for part in ("train_", VALID) for name in self._measures]
        facts = {"fold": fold.number, "status": fold.status, "epochs": len(fold.history)}
        facts["epoch"] = fold.epoch
        facts |= {"train_rows": fold.train_rows, "valid_rows": fold.valid_rows}
        return {**facts, **{name: fold.last(name) for name in names}, "seconds": fold.seconds}

    @property
    def _measures(self) -> tuple[str, str]:
        return "loss", self.measure.name


def read(run: Run) -> CrossValidated | None:
    """Return what came of the folds of a run; None where it was not cross-validated."""
    left = read_json(run.folder / FOLDS, IN_FOLDS)
    if not left:
        return None
    histories: dict[int, list[dict[str, float]]] = {}
    for row in read_rows(run.folder / CURVES):
        numbers = {name: _number(row[name]) for name in row if name}
        number = numbers.pop("fold", math.nan)
        if math.isfinite(number):
            histories.setdefault(int(number), []).append(numbers)
    folds = [
        Fold(
            one["fold"],
            one["status"],
            one["train_rows"],
            one["valid_rows"],
            one["epoch"],
            float(one["seconds"]),
            histories.get(one["fold"], []),
        )
        for one in left["folds"]
    ]
    return CrossValidated(run, left["how"], folds)


def _number(written: str | None) -> float:
    try:
        return float(written or "nan")
    except ValueError:
        return math.nan
