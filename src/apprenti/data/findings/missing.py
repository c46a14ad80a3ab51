"""Columns in which values are missing; those that are mostly missing have a rule of their own."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, shares
from apprenti.data.findings.mostly_missing import MOST
from apprenti.findings import Finding

CODE, SEVERITY = "D006", "note"


def find(evidence: Evidence) -> Iterator[Finding]:
    absent = evidence.frame[list(evidence.columns.inputs)].isna().mean()
    columns = {str(name): float(share) for name, share in absent.items() if 0 < share < MOST}
    if columns:
        yield Finding(CODE, SEVERITY, "", {"columns": shares(columns), "count": len(columns)})
