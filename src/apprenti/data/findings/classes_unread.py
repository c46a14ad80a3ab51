"""Classes of which no image is read: the model will not know that they exist."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D041", "error"


def find(evidence: OfFiles) -> Iterator[Finding]:
    beside = evidence.beside
    if beside is None:
        yield not_applicable(CODE, "no_files")
    elif beside.lost:
        unread = (*beside.unread, *beside.misplaced)
        within = (name for name in unread if set(beside.lost) & set(name.split("/")[:-1]))
        example = next(within, unread[0])
        yield Finding(CODE, SEVERITY, "", {"classes": list(beside.lost), "example": example})
