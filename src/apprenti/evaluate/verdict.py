"""Does a model beat the simple ones, or could it be chance? Decided row by row, on validation.

Both models answered the same rows, so that what one gains over the other is judged on paired rows,
at 95 % (`apprenti.evaluate.intervals`). The interval says how much the result would move with other
validation rows, not with other seeds. A model that has diverged is compared with none.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.evaluate.intervals import of_paired_errors, of_paired_shares, side
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.language import say
from apprenti.measures import measure_named, of_task
from apprenti.runs import DIVERGED, Run, read_predictions
from apprenti.tasks import CLASSIFICATION, REGRESSION

BASELINES = ("trivial", "linear")

FEWEST_ROWS = 3
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
"""Of two rows of which the model is as sure, each counts half."""

FEW_ROWS = 100
"""With fewer rows an interval that holds 0 says nothing: differences of 10 points fit into it."""


GAIN = ("difference", "low", "high")
"""What is gained, and between which bounds."""

Rows = list[dict[str, str]]


class Verdict(NamedTuple):
    """How a model stands against a simple one."""

    run: str
    other: str
    measure: str
    """The main score of the task, in the unit in which it is written: points of accuracy, R²."""
    difference: float
    low: float
    """Minus infinity where the rows set no bound."""
    high: float
    auc: float | None
    """Of the model, where there are two classes: 0.5 is what chance gives."""
    rows: int

    @property
    def outcome(self) -> str:
        """better or worse if the whole interval lies on one side of 0; same; or, of few rows,
        unknown."""
        unclear = "unknown" if self.rows < FEW_ROWS or math.isinf(self.low) else "same"
        return side(self.low, self.high) or unclear

    def as_json(self) -> dict[str, Any]:
        """Return the verdict and its outcome: of accuracy as shares of 1; no bound is null."""
        scale = measure_named(self.measure).scale
        told = {name: round(getattr(self, name) / scale, 8) for name in GAIN}
        bounds = {name: one if math.isfinite(one) else None for name, one in told.items()}
        return {**self._asdict(), **bounds, "outcome": self.outcome}


def verdicts(runs: Sequence[Run]) -> list[Verdict]:
    """Hold each run that is no baseline against each baseline that checked with the same rows."""
    left_out = diverged(runs)
    sound = [run for run in runs if run not in left_out]
    predictions = {run.name: predictions_of(run) for run in sound}
    simple = [run for run in sound if run.model in BASELINES and run.framework == "sklearn"]
    pairs = [(run, other) for run in sound if run not in simple for other in simple]
    found = (hold_against(one.name, other.name, predictions) for one, other in pairs)
    return [verdict for verdict in found if verdict is not None]


def diverged(runs: Sequence[Run]) -> list[Run]:
    """Return the runs that are compared with none: they diverged, or predict no numbers."""
    return [run for run in runs if run.status == DIVERGED or not _are_finite(predictions_of(run))]


def predictions_of(run: Run, part: Part = VALIDATION) -> Rows:
    """Return what the model of a run said of the rows of a part."""
    path = run.folder / part.predictions
    rows = read_predictions(path)
    try:
        _are_finite(rows)
    except (KeyError, TypeError, ValueError):
        wrong = say("runs.damage.wrong", place=", ".join(_numbers_of(rows)))
        raise RunDamaged(path, wrong) from None
    return rows


def _are_finite(rows: Rows) -> bool:
    """Say whether predictions are numbers: those of a regression, or how sure a class is."""
    return all(math.isfinite(float(row[name])) for row in rows for name in _numbers_of(rows))


def _numbers_of(rows: Rows) -> tuple[str, ...]:
    """Return the columns that hold numbers: how sure a class is, or what a regression predicts."""
    return ("confidence",) if rows and "confidence" in rows[0] else ("truth", "predicted")


def hold_against(run: str, other: str, predictions: Mapping[str, Rows]) -> Verdict | None:
    """Hold a run against another, by what each said of the same rows; None if they are others."""
    ours, theirs = predictions[run], predictions[other]
    if len(ours) < FEWEST_ROWS or [r["row"] for r in ours] != [r["row"] for r in theirs]:
        return None
    # A model of classes says how sure it is of the one that it gives
    task = CLASSIFICATION if "confidence" in ours[0] else REGRESSION
    gain = _of_classes(ours, theirs) if task == CLASSIFICATION else _of_numbers(ours, theirs)
    auc = _auc(ours) if task == CLASSIFICATION else None
    difference, low, high = (round(value, 6) for value in gain)
    return Verdict(run, other, of_task(task).name, difference, low, high, auc, len(ours))


def _of_classes(ours: Rows, theirs: Rows) -> tuple[float, float, float]:
    """Return by how many points of accuracy ours is better, and between what it may lie."""
    right = [[row["truth"] == row["predicted"] for row in rows] for rows in (ours, theirs)]
    pairs = list(zip(*right, strict=True))
    wins, losses = pairs.count((True, False)), pairs.count((False, True))
    low, high = of_paired_shares(wins, losses, len(pairs))
    return 100 * (wins - losses) / len(pairs), 100 * low, 100 * high


def _of_numbers(ours: Rows, theirs: Rows) -> tuple[float, float, float]:
    """Return how much more of R² ours has, and between what it may lie: no R² is above 1."""
    import numpy as np

    truth = np.array([float(row["truth"]) for row in ours])
    one, other = (
        np.square(truth - [float(row["predicted"]) for row in rows]) for rows in (ours, theirs)
    )
    low, high = of_paired_errors(one, other)
    # In shares of the variance, where the errors of the simple model are as these rows show them
    scale = float(other.mean()) / max(float(truth.var()), 1e-12)
    difference = scale - float(one.mean()) / max(float(truth.var()), 1e-12)
    return difference, scale * (1 - high), scale * (1 - low)


def _auc(rows: Rows) -> float | None:
    """Return the area under the ROC curve, for two classes: how often the right one is surer.

    A model that has diverged is sure of nothing: there is none.
    """
    import numpy as np

    classes = sorted({row[name] for row in rows for name in ("truth", "predicted")})
    if len(classes) != 2 or len({row["truth"] for row in rows}) != 2:
        return None
    if not all(math.isfinite(float(row["confidence"])) for row in rows):
        return None
    positive = classes[1]
    scores: dict[bool, list[float]] = {True: [], False: []}
    for row in rows:
        sure = float(row["confidence"])
        score = sure if row["predicted"] == positive else 1 - sure
        scores[row["truth"] == positive].append(score)
    lower = [np.searchsorted(sorted(scores[False]), scores[True], side) for side in SIDES]
    return round(float(np.mean(lower)) / len(scores[False]), 6)
