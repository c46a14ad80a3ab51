"""A column of categories with very many of them."""

from collections.abc import Iterator

from apprenti.data.findings.cells import CATEGORIES, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D012", "warning"

MOST = 50
"""Each category becomes an input of the model, with few rows to learn it from."""


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in evidence.columns.categories:
        counts = evidence.counts(name)
        # Other rules speak of names of rows, of texts, and of numbers that were not read as such
        if len(counts) > MOST and look_like(evidence, name) == CATEGORIES:
            values = {"distinct": len(counts), "once": int((counts == 1).sum()), "most": MOST}
            yield Finding(CODE, SEVERITY, name, values)
