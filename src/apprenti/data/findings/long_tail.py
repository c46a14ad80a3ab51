"""A target of which a few huge values decide every measure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.relation import NUMBERS, as_values, holds
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D027", "warning"

FEWEST_ROWS = 30

FEW = 0.01
"""Share of the rows that are farthest from the mean."""

DECISIVE = 0.5
"""Of the squared distances from the mean, of which R² is made, so much is in those few rows. Of a
normal distribution they have a tenth, of an exponential one less than a third."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    answers = evidence.frame[evidence.columns.target]
    if evidence.is_classes or holds(answers) != NUMBERS:
        yield not_applicable(CODE, "no_number")
        return
    values = as_values(answers)
    values = values[np.isfinite(values)]
    if len(values) < FEWEST_ROWS:
        yield not_applicable(CODE, "too_few_rows")
        return
    rows, share = _decided(values)
    if share < DECISIVE:
        return
    median, far = float(np.median(values)), values[np.abs(values - values.mean()).argmax()]
    told = {"median": _plain(median), "farthest": _plain(float(far)), "rows": rows, "share": share}
    helps = values.min() > 0 and _decided(np.log(values))[1] < share / 2
    yield Finding(CODE, SEVERITY, evidence.columns.target, told, "" if helps else "signed")


def _decided(values: "Array") -> tuple[int, float]:
    """Return how many rows are the few, and their share of the squared distances from the mean."""
    import numpy as np

    rows = max(1, round(FEW * len(values)))
    with np.errstate(over="ignore", invalid="ignore"):
        # Divided by the largest first: no overflow
        scaled = values / (np.abs(values).max() or 1)
        squares = np.partition((scaled - scaled.mean()) ** 2, -rows)
        share = squares[-rows:].sum() / (squares.sum() or 1)
    return rows, float(share)


def _plain(value: float) -> float:
    """Return a number with as many figures as one reads."""
    return round(value) if abs(value) >= 100 else float(f"{value:.3g}")
