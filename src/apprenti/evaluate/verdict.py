"""Does a model beat the simple ones, or could it be chance? Decided row by row, on validation.

Both models answered the same rows, so that the gains of one over the other can be averaged over
the rows: the interval is Student's, for the mean of paired differences, at 95 %. It says how much
the result would move with other validation rows, not with other seeds.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from apprenti.measures import of_task
from apprenti.runs import Run, read_rows
from apprenti.tasks import CLASSIFICATION, REGRESSION

BASELINES = ("trivial", "linear")
CONFIDENCE = 0.95
FEWEST_ROWS = 3
SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")
"""Of two rows of which the model is as sure, each counts half."""


Rows = list[dict[str, str]]


class Verdict(NamedTuple):
    """How a model stands against a simple one."""

    run: str
    other: str
    measure: str
    """The main score of the task, in the unit in which it is written: points of accuracy, R²."""
    difference: float
    low: float
    high: float
    auc: float | None
    """Of the model, where there are two classes: 0.5 is what chance gives."""

    @property
    def outcome(self) -> str:
        """better or worse if the whole interval lies on one side of 0, else the same."""
        return "better" if self.low > 0 else "worse" if self.high < 0 else "same"


def verdicts(runs: Sequence[Run]) -> list[Verdict]:
    """Hold each run that is no baseline against each baseline that checked with the same rows."""
    predictions = {run.name: read_rows(run.folder / "predictions.csv") for run in runs}
    simple = [run for run in runs if run.model in BASELINES and run.framework == "sklearn"]
    pairs = [(run, other) for run in runs if run not in simple for other in simple]
    found = (_verdict(one.name, other.name, predictions) for one, other in pairs)
    return [verdict for verdict in found if verdict is not None]


def _verdict(run: str, other: str, predictions: Mapping[str, Rows]) -> Verdict | None:
    # Student's distribution alone: scipy.stats takes longer to import than a model to train
    from scipy.special import stdtrit

    ours, theirs = predictions[run], predictions[other]
    if len(ours) < FEWEST_ROWS or [r["row"] for r in ours] != [r["row"] for r in theirs]:
        return None
    # A model of classes says how sure it is of the one that it gives
    task = CLASSIFICATION if "confidence" in ours[0] else REGRESSION
    gains = _scores(ours, task) - _scores(theirs, task)
    mean, error = float(gains.mean()), float(gains.std(ddof=1)) / math.sqrt(len(gains))
    half = error * float(stdtrit(len(gains) - 1, (1 + CONFIDENCE) / 2))
    auc = _auc(ours) if task == CLASSIFICATION else None
    mean, low, high = (round(value, 6) for value in (mean, mean - half, mean + half))
    return Verdict(run, other, of_task(task).name, mean, low, high, auc)


def _scores(rows: Rows, task: str) -> Any:
    """Return what each row adds to the main score: to the accuracy (in points) or to R²."""
    import numpy as np

    if task == CLASSIFICATION:
        return np.array([100.0 * (row["truth"] == row["predicted"]) for row in rows])
    truth = np.array([float(row["truth"]) for row in rows])
    predicted = np.array([float(row["predicted"]) for row in rows])
    return 1 - np.square(truth - predicted) / max(float(truth.var()), 1e-12)


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
