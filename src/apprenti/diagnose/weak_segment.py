"""R22, a weak segment: on the rows of one value of a column the model does much worse."""

from collections.abc import Iterator
from typing import Any

from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate.segments import Segment, Segments
from apprenti.findings import Finding, not_applicable
from apprenti.measures import ACCURACY

CODE, SEVERITY = "R22", "note"

FAR = 0.15
"""The accuracy on its rows is so far below that on the others, as of a weak class."""

TIMES = 2.0
"""Times the mean absolute error of the others."""

LEVEL = 0.01
"""Of the chance that some slice stands out so, corrected for the number of slices (Holm)."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if evidence.run.model == "trivial" or not evidence.has_columns:
        why = "no_segments" if not evidence.has_columns else "is_baseline"
        yield not_applicable(CODE, why)
        return
    found = evidence.segments
    if found is None or found.why_not:
        yield not_applicable(CODE, "no_data" if found else "no_score")
    elif weak := [one for one in found.weak if _is_told(one, found)]:
        yield _told(weak[0], found)


def _is_told(one: Segment, found: Segments) -> bool:
    if one.kind == "class" or one.p_value >= LEVEL:
        return False
    if found.measure == ACCURACY:
        return one.rest - one.figure >= FAR
    return one.figure >= TIMES * one.rest


def _told(one: Segment, found: Segments) -> Finding:
    values: dict[str, Any] = {"value": one.value, "start": one.start, "end": one.end}
    values = {name: value for name, value in values.items() if value not in (None, "")}
    values |= {"rows": one.rows, "figure": one.figure, "rest": one.rest, "looks": found.looks}
    kind = "dates" if isinstance(one.start, str) else one.kind
    sentence = kind if found.measure == ACCURACY else f"{kind}_error"
    return Finding(CODE, SEVERITY, one.column, values, sentence)
