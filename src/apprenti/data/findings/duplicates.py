"""The same row several times."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, Finding, hashes

CODE, SEVERITY = "D015", "warning"

WARNED = 0.01
"""Share of the rows; below it copies weigh too little to move a result."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import pandas as pd

    rows = len(evidence.frame)
    if not rows:
        return
    copies = rows - len(pd.unique(hashes(evidence.frame, evidence.model_columns)))
    if copies:
        severity = SEVERITY if copies >= WARNED * rows else "note"
        yield Finding(CODE, severity, "", {"rows": copies, "share": copies / rows})
