"""R15: a model that takes much longer than a simple one that is as good."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.evaluate.verdict import verdicts
from apprenti.findings import Finding, not_applicable
from apprenti.model.catalogue import name_of

CODE, SEVERITY = "R15", "note"

TIMES, SECONDS = 10, 10.0
"""So many times as long, and so many seconds, at least."""


def find(evidence: Evidence) -> Iterator[Finding]:
    simple = [run for run in evidence.baselines if run.model == "linear" and run != evidence.run]
    if not simple or evidence.has_diverged or not evidence.epochs:
        yield not_applicable(CODE, "no_baseline")
        return
    seconds = evidence.history[-1].get("seconds", 0.0)
    for other in simple:
        theirs = other.history[-1].get("seconds", 0.0) if other.history else 0.0
        if seconds < max(SECONDS, TIMES * theirs):
            continue
        judged = [one for one in verdicts([evidence.run, other]) if one.outcome != "better"]
        if judged:
            model = name_of(other.model or "", other.task)
            values = {"seconds": seconds, "others": theirs, "model": model}
            yield Finding(CODE, SEVERITY, "", values)
            return
