"""Texts that are empty, or spaces only: gaps that do not look like gaps."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, category_names
from apprenti.findings import Finding

CODE, SEVERITY = "D008", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in category_names(evidence):
        counts = evidence.counts(name)
        blank = int(sum(n for text, n in counts.items() if not str(text).strip()))
        if blank:
            share = blank / len(evidence.frame)
            yield Finding(CODE, SEVERITY, name, {"rows": blank, "share": share})
