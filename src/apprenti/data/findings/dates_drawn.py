"""Rows with a date, shared out at random: the model is checked on days between those it learned."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, Finding

CODE, SEVERITY = "D019", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    if evidence.time is None:
        for name, _ in evidence.columns.dates:
            yield Finding(CODE, SEVERITY, name, {})
