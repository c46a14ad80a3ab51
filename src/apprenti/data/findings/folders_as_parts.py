"""Folders train, valid and test that are taken as the parts of the data."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D048", "note"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
    elif evidence.beside.parts:
        yield Finding(CODE, SEVERITY, "", {"folders": list(evidence.beside.parts)})
