"""R09, a validation set too small to tell models apart."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.measures import VALID

CODE, SEVERITY = "R09", "warning"

WIDE, VERY_WIDE = 0.10, 0.20
"""Of the 95 % interval of the main score, from one end to the other."""


def find(evidence: Evidence) -> Iterator[Finding]:
    score, interval = evidence.score(VALID), evidence.interval
    if score is None or interval is None or interval[0] == float("-inf"):
        yield not_applicable(CODE, "no_score")
        return
    low, high = interval
    if high - low > WIDE:
        values = {"rows": evidence.rows, "measure": evidence.measure.name, "score": score}
        values |= {"low": low, "high": high}
        severity = SEVERITY if high - low > VERY_WIDE else "note"
        yield Finding(CODE, severity, "", values)
