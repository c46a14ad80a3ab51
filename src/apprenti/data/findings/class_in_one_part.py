"""Classes that are not in each of the folders of the training, the validation and the test."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D045", "warning"


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
    elif evidence.beside.one_part:
        names = [f"{part}/{name}" for name, part in evidence.beside.one_part]
        yield Finding(CODE, SEVERITY, "", {"classes": names})
