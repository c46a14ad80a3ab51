"""Words among the numbers of a column: they are read as missing values."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D009", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in evidence.columns.mixed:
        missing = float(evidence.frame[name].isna().mean())
        # Without a gap there was no word: numbers may have been written as texts
        if missing:
            yield Finding(CODE, SEVERITY, name, {"share": missing})
