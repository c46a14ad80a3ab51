"""The same row in two parts of the split: what is measured on it was learned by heart.

All parts are looked at, by the hashes of the rows alone.
"""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, Finding, hashes
from apprenti.data.split import TEST, TRAIN, VALID

CODE, SEVERITY = "D017", "warning"

WARNED = 0.01
"""Share of the rows of validation or of test; below it copies cannot move a measure by a point."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np
    import pandas as pd

    if evidence.parts is None:
        return
    rows = hashes(evidence.frame, evidence.model_columns)
    within = {part: rows[evidence.parts == part] for part in (TRAIN, VALID, TEST)}
    valid = int(pd.Series(within[VALID]).isin(within[TRAIN]).sum())
    known = np.concatenate([within[TRAIN], within[VALID]])
    test = int(pd.Series(within[TEST]).isin(known).sum())
    if valid or test:
        share = max(valid / max(1, len(within[VALID])), test / max(1, len(within[TEST])))
        values = {"valid": valid, "test": test, "share": share}
        yield Finding(CODE, SEVERITY if share >= WARNED else "note", "", values)
