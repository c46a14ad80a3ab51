"""What lies beside images and is passed over: hidden, no image, no file, empty."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import MOST_EXAMPLES, OfFiles
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D044", "note"

KINDS = ("empty", "special", "other", "hidden")
"""Those of PassedOver; each has its sentence."""


def find(evidence: OfFiles) -> Iterator[Finding]:
    if evidence.beside is None:
        yield not_applicable(CODE, "no_files")
        return
    for kind in KINDS:
        names = getattr(evidence.beside, kind)
        if names:
            values = {"count": len(names), "examples": [*names[:MOST_EXAMPLES]]}
            yield Finding(CODE, SEVERITY, kind, values, sentence=kind)
