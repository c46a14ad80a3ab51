"""R06, learning rate too low: the loss falls as a straight line, and slowly."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R06", "warning"

FEWEST_EPOCHS = 6

DOWNWARDS = 0.9
"""At least this share of the steps lead down."""

STRAIGHT = 0.5
"""In its middle third the loss falls by at least this share of what it fell by in the first."""

LEFT = 0.5
"""At the end at least this share of the first loss is left."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if evidence.epochs < FEWEST_EPOCHS or evidence.has_diverged or not evidence.has_losses:
        yield not_applicable(CODE, evidence.why_no_curve, epochs=evidence.epochs)
        return
    loss = evidence.training
    third = len(loss) // 3
    first, middle = float(loss[0] - loss[third]), float(loss[third] - loss[2 * third])
    downwards = float((np.diff(loss) <= 0).mean())
    left = float(loss[-1] / loss[0]) if loss[0] else 0.0
    if first > 0 and middle / first >= STRAIGHT and downwards >= DOWNWARDS and left >= LEFT:
        rate = evidence.choices.get("train", {}).get("learning_rate")
        larger = rate * 10 if isinstance(rate, int | float) else None
        values = {"left": left, "epochs": evidence.epochs, "rate": rate, "larger": larger}
        commands = (evidence.try_again(f"learning_rate={larger:g}"),) if larger else ()
        yield Finding(CODE, SEVERITY, "", values, commands=commands)
