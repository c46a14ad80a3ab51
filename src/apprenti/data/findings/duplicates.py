"""The same row several times."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, copies, hashes
from apprenti.findings import Finding

CODE, SEVERITY = "D015", "warning"

WARNED = 0.01
"""Share of the rows; below it copies weigh too little to move a result."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import pandas as pd

    rows = len(evidence.frame)
    if not rows:
        return
    found = hashes(evidence.frame, evidence.model_columns)
    again = rows - len(pd.unique(found))
    if again:
        severity = SEVERITY if again >= WARNED * rows else "note"
        values = {"rows": again, "share": again / rows, **copies(evidence, evidence.frame, found)}
        yield Finding(CODE, severity, "", values)
