"""R16: one fold of a cross-validated run is much worse than the others, by more than chance."""

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate import cross_validated
from apprenti.evaluate.cross_validated import OUT_OF_FOLD, CrossValidated
from apprenti.evaluate.probabilities import number
from apprenti.findings import Finding, not_applicable
from apprenti.measures import VALID
from apprenti.runs import read_rows

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "R16", "warning"

FAR = 0.05
"""Its score is so far below that of the other folds, at least."""

LEVEL = 0.01
"""Of the test, divided by the number of folds (Bonferroni)."""

FEWEST = 3


def find(evidence: Evidence) -> Iterator[Finding]:
    found = cross_validated.read(evidence.run)
    if found is None:
        yield not_applicable(CODE, "no_folds")
        return
    if found.how == "time":
        yield not_applicable(CODE, "folds_in_time")
        return
    name = f"{VALID}{found.measure.name}"
    scores = {fold.number: value for fold in found.folds if (value := fold.last(name)) is not None}
    if len(scores) < FEWEST:
        yield not_applicable(CODE, "few_folds", folds=len(scores))
        return
    worst = min(scores, key=lambda fold: found.measure.goodness(scores[fold]))
    others = [score for fold, score in scores.items() if fold != worst]
    mean = sum(others) / len(others)
    if abs(mean - scores[worst]) < FAR:
        return
    if _chance(found, worst, scores[worst], others) < LEVEL / len(scores):
        values = {"fold": worst, "measure": found.measure.name, "score": scores[worst]}
        values |= {"others": mean, "rest": len(others)}
        command = evidence.try_again(f"split.folds={len(found.folds)}")
        again = f"{command} --set split.fold={worst}"
        yield Finding(CODE, SEVERITY, "", values, sentence=_sentence(found), commands=(again,))


def _sentence(found: CrossValidated) -> str:
    return "group" if found.how == "groups" else "random"


def _chance(found: CrossValidated, worst: int, score: float, others: Sequence[float]) -> float:
    """Return how often chance would make a fold so bad: row by row, or fold by fold by group.

    The rows of a group are alike, so that each is not another piece of evidence.
    """
    rows = {} if found.how == "groups" else _errors(found)
    if worst in rows and len(rows) > 1:
        return _of_rows(rows, worst)
    return _of_scores(score, others)


def _errors(found: CrossValidated) -> "dict[int, Array]":
    """Return how wrong each fold's predictions are: 0 or 1 of classes, distances of numbers."""
    import numpy as np

    is_classes = found.measure.unit == "percent"
    errors: dict[int, list[float]] = {}
    for row in read_rows(found.run.folder / OUT_OF_FOLD):
        truth, predicted = row.get("truth", ""), row.get("predicted", "")
        wrong = float(truth != predicted) if is_classes else abs(number(truth) - number(predicted))
        if (row.get("fold") or "").isdigit() and math.isfinite(wrong):
            errors.setdefault(int(row["fold"]), []).append(wrong)
    return {fold: np.array(values) for fold, values in errors.items()}


def _of_rows(errors: "dict[int, Array]", worst: int) -> float:
    """Return Fisher's exact test of wrong answers, or Mann and Whitney's of distances."""
    import numpy as np
    from scipy import stats

    others = np.concatenate([values for fold, values in errors.items() if fold != worst])
    ours = errors[worst]
    if set(np.unique(others)) | set(np.unique(ours)) <= {0.0, 1.0}:
        table = [[values.sum(), len(values) - values.sum()] for values in (ours, others)]
        return float(stats.fisher_exact(table, alternative="greater").pvalue)
    return float(stats.mannwhitneyu(ours, others, alternative="greater").pvalue)


def _of_scores(score: float, others: Sequence[float]) -> float:
    """Return Student's test of whether one score comes from where the others do."""
    import numpy as np
    from scipy import stats

    count = len(others)
    spread = float(np.std(others, ddof=1)) * math.sqrt(1 + 1 / count)
    away = abs(score - float(np.mean(others)))
    return float(stats.t.sf(away / spread, count - 1)) if spread else 0.0
