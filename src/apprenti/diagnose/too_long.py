"""R08, trained too long: the second half, or more, changed nothing on the validation rows."""

from collections.abc import Iterator

from apprenti.diagnose import rate_too_low, underfitting
from apprenti.diagnose.evidence import Evidence
from apprenti.diagnose.overfitting import RISE
from apprenti.findings import Finding

CODE, SEVERITY = "R08", "note"

FEWEST_EPOCHS = 10

NEAR = 0.01
"""From here on the validation loss is within this share of its lowest."""

HALF = 0.5


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if why := evidence.without_curves(CODE, FEWEST_EPOCHS):
        yield why
        return
    valid = evidence.validation
    lowest = float(valid[evidence.turn])
    # A rise is overfitting, and nothing learned is another trouble: each is told as such
    if lowest <= 0 or valid[-1] / lowest - 1 >= RISE or _learned_nothing(evidence):
        return
    reached = int(np.argmax(valid <= lowest * (1 + NEAR))) + 1
    if reached <= HALF * evidence.epochs:
        seconds = evidence.history[-1].get("seconds", 0.0)
        wasted = seconds - evidence.history[reached - 1].get("seconds", 0.0)
        values = {"epoch": reached, "epochs": evidence.epochs, "seconds": wasted}
        yield Finding(CODE, SEVERITY, "", values, commands=evidence.trained_for(reached))


def _learned_nothing(evidence: Evidence) -> bool:
    """Say whether underfitting or a rate that is too low is why the loss stays where it is."""
    return any(one.is_found for rule in (underfitting, rate_too_low) for one in rule.find(evidence))
