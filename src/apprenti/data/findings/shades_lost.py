"""Images in colour of 16 bits a colour, of which 8 are read."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import MOST_EXAMPLES, OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D047", "warning"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
    elif names := evidence.beside.shallow:
        values = {"count": len(names), "examples": [*names[:MOST_EXAMPLES]]}
        yield Finding(CODE, SEVERITY, "", values)
