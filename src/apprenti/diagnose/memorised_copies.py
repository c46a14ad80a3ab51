"""R21, memorised copies: validation rows that are in the training set too are predicted better."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.command_line import written
from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.measures import VALID

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "R21", "warning"

FEWEST = 5
"""Copies, and other rows."""

LEVEL = 0.01
"""Of the test that chance makes copies so much better."""

APART = 0.05
"""What is recognised of the copies is so much more; of numbers, half of the error is left."""

FLATTERED = 0.01
"""So much of the score comes from the copies: from here on it is a problem."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.rows:
        yield not_applicable(CODE, "no_score")
        return
    if evidence.run.model == "trivial":
        yield not_applicable(CODE, "is_baseline")
        return
    copies = evidence.copies
    if copies is None:
        yield not_applicable(CODE, "no_data")
        return
    count = int(copies.sum())
    if count < FEWEST or len(copies) - count < FEWEST:
        return
    every, others = _scores(evidence, copies)
    if others is not None and _is_better(evidence, copies):
        values = {"measure": evidence.measure.name, "score": every, "other": others}
        values |= {"count": count, "rows": len(copies)}
        severity = SEVERITY if every - others >= FLATTERED else "note"
        yield Finding(CODE, severity, "", values, commands=(written("apprenti", "data"),))


def _scores(evidence: Evidence, copies: "Array") -> tuple[float, float | None]:
    """Return the score on all validation rows, and that on those without a copy."""
    score = evidence.score(VALID)
    if evidence.is_classes:
        right = _right(evidence)
        return float(score if score is not None else right.mean()), float(right[~copies].mean())
    truths, errors = _numbers(evidence)
    every, others = (_r2(truths[some], errors[some]) for some in (copies | True, ~copies))
    return every or 0.0, others


def _is_better(evidence: Evidence, copies: "Array") -> bool:
    """Say whether copies are predicted better than the others, by more than chance gives."""
    import numpy as np

    if evidence.is_classes:
        right = _right(evidence)
        ours, theirs = right[copies], right[~copies]
        if ours.mean() - theirs.mean() < APART:
            return False
        from scipy import stats

        table = [[one.sum(), len(one) - one.sum()] for one in (ours, theirs)]
        return bool(stats.fisher_exact(table, alternative="greater").pvalue < LEVEL)
    errors = np.abs(_numbers(evidence)[1])
    ours, theirs = errors[copies], errors[~copies]
    if np.median(ours) > np.median(theirs) / 2:
        return False
    from scipy import stats

    return bool(stats.mannwhitneyu(ours, theirs, alternative="less").pvalue < LEVEL)


def _right(evidence: Evidence) -> "Array":
    import numpy as np

    return np.array([one.is_right for one in evidence.predictions])


def _numbers(evidence: Evidence) -> "tuple[Array, Array]":
    """Return the true numbers and the errors."""
    import numpy as np

    found = np.array([(one.truth, one.error) for one in evidence.estimates])
    return found[:, 0], found[:, 1]


def _r2(truths: "Array", errors: "Array") -> float | None:
    around = float(((truths - truths.mean()) ** 2).sum())
    return 1 - float((errors**2).sum()) / around if around > 0 else None
