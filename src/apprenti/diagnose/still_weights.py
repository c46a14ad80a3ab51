"""R17, weights that do not move: no epoch changes a layer by more than a trifle."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "R17", "warning"

STILL = 1e-3
"""Share of its own size by which no epoch changes the weights of a layer, at least."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if why := evidence.without_updates(CODE):
        yield why
        return
    most = {layer: max(one.update for one in lines) for layer, lines in evidence.updates.items()}
    still = [layer for layer, update in most.items() if update < STILL]
    if still:
        values = {"layers": len(still), "all": len(most), "update": max(most[n] for n in still)}
        commands = evidence.with_usual_start + evidence.with_rate(10)
        yield Finding(CODE, SEVERITY, "", {**values, "names": still}, commands=commands)
