"""Images of kinds that are not read."""

from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath

from apprenti.data.findings.evidence import MOST_EXAMPLES, OfFiles, shares
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D042", "warning"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
        return
    unread = evidence.beside.unread
    if unread:
        kinds = Counter(PurePosixPath(name).suffix.lower() for name in unread)
        values = {"count": len(unread), "kinds": shares(kinds)}
        yield Finding(CODE, SEVERITY, "", {**values, "examples": [*unread[:MOST_EXAMPLES]]})
