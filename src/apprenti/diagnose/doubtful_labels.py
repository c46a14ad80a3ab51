"""R14: labels of validation rows of which the model is sure that they are others."""

import statistics
from collections.abc import Iterator

from apprenti.command_line import written
from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.listing import name_in_command

CODE, SEVERITY = "R14", "note"

SURE, LEAST_SURE, UNLIKELY = 0.95, 0.75, 0.1
"""The model gives another class the first probability at least, and the label the last at most.

Where labels are wrong a good model is less sure of all rows: it is then enough to be surer than of
half of the rows that it has right, and than the second."""

FEWEST, SHARE = 3, 0.01
"""So many validation rows, and this share of them, are suspected at least."""

NAMED = 5


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    right = [one.confidence for one in evidence.predictions if one.is_right]
    usual = max(LEAST_SURE, statistics.median(right) if right else SURE)
    suspects = [
        one
        for one in evidence.predictions
        if not one.is_right and one.of_truth <= UNLIKELY
        if one.confidence >= SURE or one.confidence > usual
    ]
    if len(suspects) >= max(FEWEST, SHARE * evidence.rows):
        suspects.sort(key=lambda one: one.of_truth)
        named = [f"{one.row} ({one.truth} → {one.predicted})" for one in suspects[:NAMED]]
        values = {"count": len(suspects), "rows": evidence.rows, "names": named}
        search = (written("apprenti", "diagnose", "--labels", name_in_command(evidence.run)),)
        yield Finding(CODE, SEVERITY, "", values, commands=search)
