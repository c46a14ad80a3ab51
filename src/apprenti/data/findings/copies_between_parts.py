"""The same row in two parts of the split: what is measured on it was learned by heart.

All parts are looked at, by the hashes of the rows alone.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.findings.evidence import Evidence, copies, hashes
from apprenti.data.split.parts import TEST, TRAIN, VALID
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D017", "warning"

WARNED = 0.01
"""Share of the rows of validation or of test; below it copies cannot move a measure by a point."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np
    import pandas as pd

    if evidence.parts is None:
        yield not_applicable(CODE, "no_parts")
        return
    rows = hashes(evidence.frame, evidence.model_columns)
    within = {part: rows[evidence.parts == part] for part in (TRAIN, VALID, TEST)}
    valid = int(pd.Series(within[VALID]).isin(within[TRAIN]).sum())
    known = np.concatenate([within[TRAIN], within[VALID]])
    test = int(pd.Series(within[TEST]).isin(known).sum())
    if valid or test:
        share = max(valid / max(1, len(within[VALID])), test / max(1, len(within[TEST])))
        values = {"valid": valid, "test": test, "share": share}
        yield Finding(
            CODE,
            SEVERITY if share >= WARNED else "note",
            "",
            {**values, **_named(evidence, rows, evidence.parts)},
        )


def _named(evidence: Evidence, rows: "Array", parts: "Array") -> dict[str, list[str]]:
    """Return the names of rows to learn from and their copies to check with; none of the test."""
    import numpy as np

    train, valid = (np.flatnonzero(parts == part) for part in (TRAIN, VALID))
    order = np.concatenate([_once(rows, train), valid[np.isin(rows[valid], rows[train])]])
    return copies(evidence, evidence.frame.iloc[order], rows[order])


def _once(rows: "Array", places: "Array") -> "Array":
    """Return the places of the first of equal rows."""
    import numpy as np

    return places[np.unique(rows[places], return_index=True)[1]]
