"""R18, dead or saturated units: whatever the row, their slope is 0, and so is what they learn."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R18", "warning"

SOME, MOST = 0.5, 0.75
"""Share of the units of a layer that are stuck at the end: a hint, and a problem."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if why := evidence.without_updates(CODE):
        yield why
        return
    last = {n: lines[-1].stuck for n, lines in evidence.updates.items() if lines[-1].stuck >= 0}
    if not last:
        yield not_applicable(CODE, "no_units")
        return
    layer = max(last, key=lambda one: last[one])
    if last[layer] >= SOME:
        severity = SEVERITY if last[layer] >= MOST else "note"
        activation = evidence.run.choices.get("model", {}).get("activation", "relu")
        sentence = "dead" if activation == "relu" else "saturated"
        values = {"layer": layer, "share": last[layer]}
        commands = evidence.with_usual_start + evidence.with_rate(0.1)
        yield Finding(CODE, severity, "", values, sentence, commands=commands)
