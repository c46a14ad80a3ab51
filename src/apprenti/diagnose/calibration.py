"""R12, poor calibration: of 100 predictions that are 90 % sure, far fewer than 90 are right.

The expected calibration error over bins of equally many rows (Naeini, Cooper and Hauskrecht, AAAI
2015) is held against what a calibrated model of the same confidences would have by chance.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "R12", "note"

BINS, DRAWS = 10, 200

FEWEST_ROWS = 100

FAR = 0.05
"""By so much confidence and share of right predictions differ on average, at least."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    if evidence.rows < FEWEST_ROWS:
        yield not_applicable(CODE, "few_rows", rows=evidence.rows)
        return
    sure = np.array([one.confidence for one in evidence.predictions])
    right = np.array([one.is_right for one in evidence.predictions], float)
    if not np.isfinite(sure).all():
        yield not_applicable(CODE, "no_score")
        return
    random = np.random.default_rng(0)
    # Of rows of one confidence none comes first: the order of the data says nothing here
    order = np.lexsort((random.random(len(sure)), sure))
    sure, right = sure[order], right[order]
    error = _error(sure, right)
    if error < FAR:
        return
    by_chance = [
        _error(sure, (random.random(len(sure)) < sure).astype(float)) for _ in range(DRAWS)
    ]
    if error > np.quantile(by_chance, 0.99):
        values = {"error": error, "confidence": float(sure.mean()), "score": float(right.mean())}
        yield Finding(
            CODE, SEVERITY, "", values, "sure" if sure.mean() > right.mean() else "unsure"
        )


def _error(sure: "Array", right: "Array") -> float:
    """Return the mean distance of confidence and right predictions over bins, weighed by rows."""
    import numpy as np

    gaps = np.abs(
        [(s.mean() - r.mean()) * len(s) for s, r in zip(*_bins(sure, right), strict=True)]
    )
    return float(gaps.sum() / len(sure))


def _bins(sure: "Array", right: "Array") -> tuple[list["Array"], list["Array"]]:
    import numpy as np

    return np.array_split(sure, BINS), np.array_split(right, BINS)
