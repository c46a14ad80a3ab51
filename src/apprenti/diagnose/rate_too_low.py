"""R06, learning rate too low: the loss falls as a straight line, and slowly."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.diagnose.overfitting import RISE
from apprenti.findings import Finding

CODE, SEVERITY = "R06", "warning"

FEWEST_EPOCHS = 6

DOWNWARDS = 0.9
"""At least this share of the steps lead down."""

STRAIGHT = 0.5
"""In its middle third the loss falls by at least this share of what it fell by in the first."""

LEFT = 0.6
"""At the end at least this share of the first loss is left."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if why := evidence.without_rate(CODE) or evidence.without_curves(CODE, FEWEST_EPOCHS):
        yield why
        return
    loss, valid = evidence.training, evidence.validation
    if valid[-1] >= (1 + RISE) * valid[evidence.turn]:
        # A rate at which training rows are learned by heart is none too low
        return
    third = len(loss) // 3
    first, middle = float(loss[0] - loss[third]), float(loss[third] - loss[2 * third])
    downwards = float((np.diff(loss) <= 0).mean())
    left = float(loss[-1] / loss[0]) if loss[0] else 0.0
    if first > 0 and middle / first >= STRAIGHT and downwards >= DOWNWARDS and left >= LEFT:
        values = {"left": left, "epochs": evidence.epochs, "rate": evidence.learning_rate}
        yield Finding(CODE, SEVERITY, "", values, commands=evidence.with_rate(10))
