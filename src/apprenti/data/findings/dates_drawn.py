"""Rows with a date, shared out at random: the model is checked on days between those it learned."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D019", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.columns.dates:
        yield not_applicable(CODE, "no_dates")
    elif evidence.time is None:
        for name, _ in evidence.columns.dates:
            yield Finding(CODE, SEVERITY, name, {})
