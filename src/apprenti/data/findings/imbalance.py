"""One class has many times the rows of another."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.findings.placeholders import classes
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D004", "warning"

NOTED, WARNED = 4, 99
"""Rows of the largest class for one of the smallest. With two classes these are a smallest class of
20 % and of 1 %: where Google's machine learning guides draw the lines between mild, moderate and
extreme imbalance."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    counts = classes(evidence)
    if len(counts) < 2 or counts.iloc[0] < NOTED * counts.iloc[-1]:
        return
    ratio = float(counts.iloc[0] / counts.iloc[-1])
    values = {
        "ratio": ratio,
        "largest": str(counts.index[0]),
        "largest_share": float(counts.iloc[0] / counts.sum()),
        "smallest": str(counts.index[-1]),
        "smallest_share": float(counts.iloc[-1] / counts.sum()),
    }
    severity = SEVERITY if ratio >= WARNED else "note"
    yield Finding(CODE, severity, evidence.columns.target, values)
