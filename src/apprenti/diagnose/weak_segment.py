"""R22, a weak segment: on the rows of one value of a column the model does much worse."""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from apprenti.diagnose import imbalance_hidden, weak_class
from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate.data_rows import columns_of
from apprenti.evaluate.segments import Segment, Segments
from apprenti.evaluate.slices import by_column
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
    elif weak := next((one for one in found.weak if _is_told(one, found, evidence)), None):
        yield _told(weak, found)


def _is_told(one: Segment, found: Segments, evidence: Evidence) -> bool:
    if one.kind == "class" or one.p_value >= LEVEL:
        return False
    if found.measure != ACCURACY:
        return one.figure >= TIMES * one.rest
    if one.rest - one.figure < FAR:
        return False
    told = {
        finding.subject
        for rule in (imbalance_hidden, weak_class)
        for finding in rule.find(evidence)
        if finding.is_found
    }
    return not told or _stands_out_without(told, one, evidence)


def _stands_out_without(classes: Collection[str], one: Segment, evidence: Evidence) -> bool:
    """Say whether a segment is as weak without the rows of classes that are told as weak."""
    frame = columns_of(evidence.run, [each.row for each in evidence.predictions]).frame
    if frame is None:
        return False
    alike = (each for each in by_column(frame[one.column]) if each[:-1] == one[:5])
    rows = {name for each in alike for name in frame.index[each.inside]}
    others = [each for each in evidence.predictions if each.truth not in classes]
    counts = Counter((each.row in rows, each.is_right) for each in others)
    right = [counts[inside, True] for inside in (True, False)]
    wrong = [counts[inside, False] for inside in (True, False)]
    shares = [r / max(1, r + w) for r, w in zip(right, wrong, strict=True)]
    table = [list(pair) for pair in zip(right, wrong, strict=True)]
    return shares[1] - shares[0] >= FAR and weak_class.by_chance(table) < LEVEL


def _told(one: Segment, found: Segments) -> Finding:
    values: dict[str, Any] = {"value": one.value, "start": one.start, "end": one.end}
    values = {name: value for name, value in values.items() if value not in (None, "")}
    values |= {"rows": one.rows, "figure": one.figure, "rest": one.rest, "looks": found.looks}
    kind = "dates" if isinstance(one.start, str) else one.kind
    sentence = kind if found.measure == ACCURACY else f"{kind}_error"
    return Finding(CODE, SEVERITY, one.column, values, sentence)
