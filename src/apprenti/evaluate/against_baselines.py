"""Does a model beat the simple ones on the test set? Row by row, as on the validation set.

A baseline whose own test predictions are there is held against it by these. One that always
predicts the same, as the trivial one does, says of the test rows what it said of the validation
rows: nothing need be opened for it. Where no such run was made, the validation targets stand for
it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.verdict import BASELINES, Rows, Verdict, hold_against, predictions_of
from apprenti.runs import Run

EVALUATED, CONSTANT, FROM_VALIDATION = "evaluated", "constant", "from_validation"
"""Where the predictions of a baseline come from."""


class Against(NamedTuple):
    """How a model stands against a baseline on the test rows."""

    baseline: str
    """trivial or linear."""
    how: str
    """evaluated: its own test predictions; constant: what it predicts of every row, seen on the
    validation rows; from_validation: no such run is there, and the most frequent class, or the
    mean, of the validation rows is predicted of every row."""
    predicted: str
    """The one prediction, where it is the same for all rows."""
    verdict: Verdict

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "verdict": self.verdict.as_json()}


def against_baselines(run: Run, others: Sequence[Run]) -> list[Against]:
    """Hold a run, whose test predictions are there, against the baselines among other runs.

    Of several runs of the same baseline the last counts; only those with the same validation rows
    do.
    """
    ours, valid = predictions_of(run, TEST), predictions_of(run)
    if not ours or not valid or run.model == BASELINES[0]:
        return []
    found = [_against(run, ours, valid, *one) for one in _baselines(run, valid, others)]
    if not any(one and one.baseline == BASELINES[0] for one in found):
        predicted = _middle(valid)
        found.insert(0, _constant(run, ours, valid[0], predicted, "", FROM_VALIDATION))
    return [one for one in found if one is not None]


def _baselines(run: Run, valid: Rows, others: Sequence[Run]) -> list[tuple[Run, Rows]]:
    """Return the last run of each baseline that was checked with the same rows, trivial first."""
    names = [row["row"] for row in valid]
    last: dict[str, tuple[Run, Rows]] = {}
    for other in others:
        if other.name == run.name or other.framework != "sklearn" or other.model not in BASELINES:
            continue
        try:
            said = predictions_of(other)
        except RunDamaged:
            continue
        if [row["row"] for row in said] == names:
            last[other.model] = other, said
    return [last[name] for name in BASELINES if name in last]


def _against(run: Run, ours: Rows, valid: Rows, other: Run, said: Rows) -> Against | None:
    theirs = predictions_of(other, TEST)
    if theirs:
        verdict = hold_against(run.name, other.name, {run.name: ours, other.name: theirs})
        if verdict:
            return Against(other.model, EVALUATED, "", verdict)
    if other.model == BASELINES[0] and len({row["predicted"] for row in said}) == 1:
        return _constant(run, ours, said[0], said[0]["predicted"], other.name, CONSTANT)
    return None


def _constant(
    run: Run, ours: Rows, example: dict[str, str], predicted: str, other: str, how: str
) -> Against | None:
    theirs = [{**row, "predicted": predicted} for row in ours]
    verdict = hold_against(run.name, other, {run.name: ours, other: theirs})
    return Against(BASELINES[0], how, predicted, verdict) if verdict else None


def _middle(valid: Rows) -> str:
    """Return the most frequent class of some rows, or the mean of their numbers."""
    if "confidence" in valid[0]:
        return Counter(row["truth"] for row in valid).most_common(1)[0][0]
    return f"{sum(float(row['truth']) for row in valid) / len(valid):.7g}"
