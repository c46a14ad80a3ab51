"""R04: a simple model does as well, judged row by row on the same validation rows."""

import math
from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate.verdict import BASELINES, Verdict
from apprenti.findings import Finding, not_applicable
from apprenti.measures import measure_named
from apprenti.model.catalogue import name_of
from apprenti.runs import Run

CODE, SEVERITY = "R04", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    run = evidence.run
    if run.model in BASELINES and run.framework == "sklearn":
        yield not_applicable(CODE, "is_baseline")
        return
    if evidence.has_diverged or not evidence.baselines:
        yield not_applicable(CODE, "no_baseline" if not evidence.has_diverged else "no_end")
        return
    others = {other.name: other for other in evidence.baselines}
    judged = evidence.verdicts
    for verdict in judged:
        trivial = others[verdict.other].model == "trivial"
        if verdict.outcome == "worse" or (trivial and verdict.outcome == "same"):
            yield _finding(verdict, others[verdict.other], SEVERITY, verdict.outcome)
            return
    if level := [one for one in judged if one.outcome == "same"]:
        yield _finding(level[0], others[level[0].other], "note", "level")
    elif judged and all(one.outcome == "unknown" for one in judged):
        yield not_applicable(CODE, "few_rows", rows=judged[0].rows)


def _finding(verdict: Verdict, other: Run, severity: str, sentence: str) -> Finding:
    scale = measure_named(verdict.measure).scale
    numbers = {"less": -verdict.difference, "low": verdict.low, "high": verdict.high}
    values: dict[str, object] = {
        # The rows may set no bound
        name: value / scale if math.isfinite(value) else None
        for name, value in numbers.items()
    }
    values |= {"measure": verdict.measure, "rows": verdict.rows}
    values["model"] = name_of(other.model or "", other.task)
    return Finding(CODE, severity, "", values, sentence)
