"""How good predictions for new rows are, where the truth about these rows is there."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate import intervals
from apprenti.measures import ACCURACY, R2
from apprenti.predict.known_rows import TRAIN, VALID
from apprenti.predict.predictions import Predictions

if TYPE_CHECKING:
    import pandas as pd

LEAST = 1e-7
"""The least probability that counts, as in the scripts: of none the loss would be infinite."""

ENOUGH = 10
"""Of fewer numbers no interval is given: those for means rely on there being some."""

NEW = "new"
"""Rows that the model neither learned from nor was chosen by."""

PARTS = (TRAIN, VALID, NEW)

Measured = Mapping[str, Any]
"""`rows`; for classes `accuracy` and `loss` (None where the probabilities are not known); for
numbers `r2`, `mae` and `rmse`, in the unit of the target, and the `loss` of the training; and
`intervals`: of each but the loss the two ends at 95 %, where so few rows allow one."""


class Score(NamedTuple):
    """Measures of all the rows with a truth, and of each part of them."""

    without_target: int
    """Rows that are left out: their truth is not there."""
    unknown_classes: int
    """Rows of a class that the model never saw: it cannot be right about them."""
    all: Measured
    parts: Mapping[str, Measured]
    """Under train, valid and new; empty where nobody knows which is which."""

    def as_json(self) -> dict[str, Any]:
        counts = {"without_target": self.without_target, "unknown_classes": self.unknown_classes}
        return {**self.all, **counts, "parts": dict(self.parts)}


def score(found: Predictions) -> Score | None:
    """Measure predictions, all of them and by the part in which the model knew the rows.

    None where no truth is there.
    """
    import numpy as np

    if "truth" not in found.answers:
        return None
    there = found.answers["truth"].notna().to_numpy()
    measured: dict[str, Measured] = {}
    if found.known.parts is not None:
        where = np.array([part if part in PARTS else NEW for part in found.known.parts])
        masks = {name: there & (where == name) for name in PARTS}
        measured = {name: _measure(found, some) for name, some in masks.items() if some.any()}
    unknown = 0
    if found.classes is not None:
        unknown = int((~found.answers["truth"][there].isin([*found.classes])).sum())
    return Score(int((~there).sum()), unknown, _measure(found, there), measured)


def _measure(found: Predictions, some: Any) -> Measured:
    answers = found.answers[some]
    if found.classes is None:
        return _of_numbers(answers, found.deviation)
    probabilities = None if found.probabilities is None else found.probabilities[some]
    return _of_classes(found.classes, answers, probabilities)


def _of_numbers(answers: "pd.DataFrame", deviation: float) -> Measured:
    truth = answers["truth"].to_numpy(float)
    errors = answers["predicted"].to_numpy(float) - truth
    squares, spread = errors**2, (truth - truth.mean()) ** 2
    square, ends = float(squares.mean()), dict[str, Sequence[float]]()
    if len(answers) >= ENOUGH:
        ends["mae"] = intervals.of_mean(abs(errors))
        ends["rmse"] = [math.sqrt(max(0.0, end)) for end in intervals.of_mean(squares)]
        low, high = intervals.of_paired_errors(squares, spread)
        if math.isfinite(high):
            ends[R2] = (1 - high, 1 - low)
    return {
        "rows": len(answers),
        R2: 1 - square / float(spread.mean()) if spread.any() else None,
        "mae": float(abs(errors).mean()),
        "rmse": math.sqrt(square),
        "loss": square / deviation**2,
        "intervals": {name: [*pair] for name, pair in ends.items()},
    }


def _of_classes(
    classes: Sequence[Any], answers: "pd.DataFrame", probabilities: "pd.DataFrame | None"
) -> Measured:
    import numpy as np

    right = sum(a == b for a, b in zip(answers["predicted"], answers["truth"], strict=True))
    loss = None
    if probabilities is not None:
        number = {str(one): place for place, one in enumerate(classes)}
        # A class that the training never saw has a probability of 0
        table = np.hstack([probabilities.to_numpy(float), np.zeros((len(answers), 1))])
        places = [number.get(str(truth), len(classes)) for truth in answers["truth"]]
        of_the_truth = table[np.arange(len(answers)), places]
        loss = float(-np.log(np.maximum(of_the_truth, LEAST)).mean())
    return {
        "rows": len(answers),
        ACCURACY: right / len(answers),
        "loss": loss,
        "intervals": {ACCURACY: [*intervals.of_share(right, len(answers))]},
    }
