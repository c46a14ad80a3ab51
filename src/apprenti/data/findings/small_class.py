"""Classes with too few rows to be learned, or measured."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, shares
from apprenti.data.findings.placeholders import classes
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D003", "warning"

FEWEST = 10
"""Shared out 70/15/15, ten rows leave one or two for validation: fewer measure nothing."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    counts = classes(evidence)
    small = {str(name): int(count) for name, count in counts.items() if count < FEWEST}
    if small:
        values = {"classes": shares(small)[::-1], "count": len(small), "fewest": FEWEST}
        yield Finding(CODE, SEVERITY, evidence.columns.target, values)
