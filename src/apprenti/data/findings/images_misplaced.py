"""Images beside the folders of the classes, or deeper than they."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import MOST_EXAMPLES, OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D043", "warning"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
    elif names := evidence.beside.misplaced:
        values = {"count": len(names), "examples": [*names[:MOST_EXAMPLES]]}
        yield Finding(CODE, SEVERITY, "", values)
