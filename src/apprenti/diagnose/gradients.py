"""R19, vanishing or exploding gradients: the first layers hear hardly anything, or too much."""

import statistics
from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "R19", "warning"

LITTLE = 1e-3
"""The gradient of the first layer, as a share of that of the last, at the most (both in shares of
the size of the weights, the median over the epochs)."""

HUGE = 100.0
"""A gradient so many times as large as the weights of its layer, in the median of the epochs."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if why := evidence.without_updates(CODE):
        yield why
        return
    usual = {
        layer: statistics.median(one.gradient for one in lines)
        for layer, lines in evidence.updates.items()
    }
    first, last = usual[min(usual)], usual[max(usual)]
    values = {"layers": len(usual), "first": first, "last": last}
    if max(usual.values()) >= HUGE:
        values["largest"] = max(usual.values())
        commands = evidence.with_usual_start + evidence.with_rate(0.1)
        yield Finding(CODE, SEVERITY, "", values, "explode", commands=commands)
    elif last > 0 and first <= LITTLE * last:
        values |= {"share": first / last}
        yield Finding(CODE, SEVERITY, "", values, "vanish", commands=evidence.with_usual_start)
