"""R05, learning rate too high: the loss is lost, or jumps up and down."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "R05", "error"

FEWEST_EPOCHS = 5

UPWARDS = 0.3
"""Of all the ways that the training loss goes, at least this share leads up."""

JUMPS = 0.03
"""And a step is, on average, at least this share of the loss."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    rate = evidence.learning_rate
    if evidence.has_diverged:
        values = {"epoch": evidence.epochs, "rate": rate}
        yield Finding(CODE, SEVERITY, "", values, "diverged", commands=evidence.with_rate(0.1))
        return
    if why := evidence.without_rate(CODE) or evidence.without_curves(CODE, FEWEST_EPOCHS):
        yield why
        return
    loss = evidence.loss(TRAIN)
    steps = np.diff(loss)
    travelled = float(np.abs(steps).sum())
    upwards = float(steps[steps > 0].sum()) / travelled if travelled else 0.0
    jumps = float(np.abs(steps).mean() / np.abs(loss).mean()) if travelled else 0.0
    if upwards >= UPWARDS and jumps >= JUMPS:
        found = {"upwards": upwards, "jumps": jumps, "rate": rate}
        yield Finding(CODE, "warning", "", found, "jumps", commands=evidence.with_rate(0.1))
