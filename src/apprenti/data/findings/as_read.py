"""What was skipped or mended when the file of a table was read, and what in it is in doubt."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D029", "warning"

SURE = ("titles", "comments", "notes", "totals", "headers", "nameless", "names")
"""What surely is as it was taken; all else may be meant in another way."""


def find(evidence: Evidence) -> Iterator[Finding]:
    for remark in evidence.remarks:
        severity = "note" if remark.what in SURE else SEVERITY
        yield Finding(
            CODE, severity, remark.what, remark.values, sentence=f"data.reading.{remark.what}"
        )
