"""Categories that stand in the validation part and not in the training part."""

from collections.abc import Iterator

from apprenti.data.describe.relation import as_codes
from apprenti.data.findings.cells import CATEGORIES, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.data.split.parts import TRAIN, VALID
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D018", "note"

NAMED = 10
"""So many categories are named."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if evidence.parts is None:
        yield not_applicable(CODE, "no_parts")
        return
    for name in evidence.columns.categories:
        # Nearly every name of a row, or text, is met once: other rules speak of it
        if look_like(evidence, name) != CATEGORIES:
            continue
        column = evidence.frame[name]
        codes = as_codes(column)
        # One place more, for what is missing: it is known
        known = np.zeros(codes.max(initial=-1) + 2, bool)
        known[codes[evidence.parts == TRAIN]] = True
        known[-1] = True
        unknown = column[(evidence.parts == VALID) & ~known[codes]]
        if len(unknown):
            names = sorted(map(str, unknown.unique()))
            values = {"rows": len(unknown), "names": names[:NAMED], "count": len(names)}
            yield Finding(CODE, SEVERITY, name, values)
