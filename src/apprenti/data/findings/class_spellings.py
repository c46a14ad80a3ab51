"""Classes whose name is stored in two ways that look the same."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D046", "note"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
    elif evidence.beside.spellings:
        yield Finding(CODE, SEVERITY, "", {"classes": list(evidence.beside.spellings)})
