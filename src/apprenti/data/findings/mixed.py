"""Cells that are not what their column is, words among numbers above all: they count as missing."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.findings.unknown import stands_for_unknown
from apprenti.findings import Finding

CODE, SEVERITY = "D009", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name, unread in evidence.columns.unread.items():
        # Words that stand for "unknown" have a rule of their own
        if all(stands_for_unknown(word) for word, _ in unread.frequent):
            continue
        kind = evidence.columns.written[name].kind
        words = [(word, rows) for word, rows in unread.frequent]
        found = {"rows": unread.rows, "words": words, "first": unread.cells[0][0]}
        yield Finding(CODE, SEVERITY, name, found, sentence=f"among_{kind}s")
