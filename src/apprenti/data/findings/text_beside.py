"""Texts that the project reads as categories, of which nearly each is another one."""

from collections.abc import Iterator

from apprenti.data.findings.cells import LOOKED_AT, TEXTS, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D022", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in evidence.columns.categories:
        if look_like(evidence, name) == TEXTS:
            texts = evidence.counts(name).index[:LOOKED_AT]
            words = sum(len(str(text).split()) for text in texts) / len(texts)
            yield Finding(CODE, SEVERITY, name, {"words": words, "read_as": f"{name}=text"})
