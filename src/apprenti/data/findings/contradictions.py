"""The same inputs with two different answers: at best one of them can be predicted."""

from collections.abc import Iterator

from apprenti.data.describe.relation import as_codes
from apprenti.data.findings.evidence import Evidence, copies, hashes
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D016", "warning"

WARNED = 0.01
"""Share of the rows, as for duplicates."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np
    import pandas as pd

    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    rows = evidence.labelled()
    if not len(rows):
        return
    codes = as_codes(rows[evidence.columns.target])
    inputs = hashes(rows, list(evidence.columns.inputs))
    groups, _ = pd.factorize(inputs)
    classes = int(codes.max()) + 1
    pairs, counts = np.unique(groups.astype(np.int64) * classes + codes, return_counts=True)
    answers, most = np.bincount(pairs // classes), np.zeros(groups.max() + 1, np.int64)
    np.maximum.at(most, pairs // classes, counts)
    is_torn = answers[groups] > 1
    torn = int(is_torn.sum())
    if torn:
        wrong = int(len(groups) - most.sum())
        severity = SEVERITY if torn >= WARNED * len(rows) else "note"
        values = {"rows": torn, "share": torn / len(rows), "ceiling": 1 - wrong / len(rows)}
        named = copies(evidence, rows[is_torn], inputs[is_torn])
        yield Finding(CODE, severity, evidence.columns.target, {**values, **named})
