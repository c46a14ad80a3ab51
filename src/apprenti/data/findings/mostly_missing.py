"""A column that is missing from most rows."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D007", "warning"

MOST = 0.5
"""From half on, more of what a model reads was filled in than measured."""


def find(evidence: Evidence) -> Iterator[Finding]:
    absent = evidence.frame[list(evidence.columns.inputs)].isna().mean()
    for name, share in absent.items():
        # A column without any value is constant: that rule speaks of it
        if MOST <= share < 1:
            yield Finding(CODE, SEVERITY, str(name), {"share": float(share)})
