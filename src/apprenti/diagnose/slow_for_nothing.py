"""R15: a model that takes much longer than a simple one that is as good."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.model.catalogue import name_of

CODE, SEVERITY = "R15", "note"

TIMES, SECONDS = 10, 10.0
"""So many times as long, and so many seconds, at least."""


def find(evidence: Evidence) -> Iterator[Finding]:
    other = evidence.linear
    if not other or evidence.has_diverged:
        yield not_applicable(CODE, "no_baseline")
        return
    ours, theirs = (run.history[-1].get("seconds", 0.0) for run in (evidence.run, other))
    judged = [one for one in evidence.verdicts if one.other == other.name]
    if ours >= max(SECONDS, TIMES * theirs) and any(one.outcome != "better" for one in judged):
        values = {"seconds": ours, "others": theirs}
        model = name_of(other.model or "", other.task)
        yield Finding(CODE, SEVERITY, "", {**values, "model": model})
