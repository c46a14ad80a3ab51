"""Categories that stand in the validation part and not in the training part."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.split.parts import TRAIN, VALID
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D018", "note"

NAMED = 10
"""So many categories are named."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if evidence.parts is None:
        yield not_applicable(CODE, "no_parts")
        return
    for name in evidence.columns.categories:
        column = evidence.frame[name]
        known = column[evidence.parts == TRAIN].unique()
        checked = column[evidence.parts == VALID].dropna()
        unknown = checked[~checked.isin(known)]
        if len(unknown):
            names = sorted(map(str, unknown.unique()))
            values = {"rows": len(unknown), "names": names[:NAMED], "count": len(names)}
            yield Finding(CODE, SEVERITY, name, values)
