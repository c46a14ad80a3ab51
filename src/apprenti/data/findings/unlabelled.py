"""Rows without an answer: nothing is learned from them, nor measured on them."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D005", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    answers = evidence.frame[evidence.columns.target]
    missing = int(answers.isna().sum())
    if missing:
        values = {"rows": missing, "share": missing / len(answers)}
        yield Finding(CODE, SEVERITY, evidence.columns.target, values)
