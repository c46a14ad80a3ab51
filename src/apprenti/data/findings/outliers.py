"""Numbers that lie far from the others of their column."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.relation import as_values
from apprenti.data.findings.evidence import Evidence, shares
from apprenti.data.findings.placeholders import of_column
from apprenti.findings import Finding

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D013", "note"

FENCE = 3.0
"""Times the interquartile range beyond the quartiles: Tukey's outer fences, past which he called a
value "far out" (Exploratory Data Analysis, 1977). Of a normal distribution 2 in a million are."""


def find(evidence: Evidence) -> Iterator[Finding]:
    far = {name: _far_out(_measured(evidence, name)) for name in evidence.columns.numbers}
    far = {name: rows for name, rows in far.items() if rows}
    if far:
        values = {"columns": shares(far), "count": len(far), "fence": FENCE}
        yield Finding(CODE, SEVERITY, "", values)


def _measured(evidence: Evidence, name: str) -> "Array":
    """Return the numbers of a column without those that stand for "unknown": another rule tells."""
    import numpy as np

    values = as_values(evidence.frame[name])
    # Words among the numbers are gaps already
    codes = (code for code, _ in of_column(evidence, name))
    unknown = [float(code) for code in codes if code.lstrip("-").isdigit()]
    return values[np.isfinite(values) & ~np.isin(values, unknown)]


def _far_out(values: "Array") -> int:
    """Return how many rows lie beyond the fences."""
    import numpy as np

    if not len(values):
        return 0
    low, high = np.quantile(values, [0.25, 0.75])
    with np.errstate(over="ignore"):
        reach = FENCE * (high - low)
        # Where the middle half is one value any other would be far out
        far = (values < low - reach) | (values > high + reach)
    return int(far.sum()) if reach > 0 else 0
