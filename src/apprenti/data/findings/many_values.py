"""A column of categories with very many of them."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.findings.id_like import DIFFERENT
from apprenti.findings import Finding

CODE, SEVERITY = "D012", "warning"

MOST = 50
"""Each category becomes an input of the model, with few rows to learn it from."""


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in evidence.columns.categories:
        counts = evidence.frame[name].value_counts()
        # Where nearly all differ they are names of rows: that rule speaks of it
        if MOST < len(counts) < DIFFERENT * counts.sum():
            values = {"distinct": len(counts), "once": int((counts == 1).sum()), "most": MOST}
            yield Finding(CODE, SEVERITY, name, values)
