"""R07, stopped too early: the validation loss was still falling."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.runs import STOPPED_EARLY

CODE, SEVERITY = "R07", "note"

FEWEST_EPOCHS = 3

STILL = 0.05
"""In the last two fifths of the epochs the validation loss falls by at least this share."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if why := evidence.without_curves(CODE, FEWEST_EPOCHS):
        yield why
        return
    if evidence.run.status == STOPPED_EARLY:
        yield not_applicable(CODE, "own_rule")
        return
    valid, epochs = evidence.validation, evidence.epochs
    before = valid[(3 * epochs - 1) // 5]
    fallen = float(1 - valid[-1] / before) if before > 0 else 0.0
    if fallen >= STILL and evidence.turn >= 0.9 * (epochs - 1):
        more = _rounder(2 * epochs)
        values = {"fallen": fallen, "epochs": epochs, "more": more}
        commands = (evidence.try_again(f"epochs={more}"),)
        yield Finding(CODE, SEVERITY, "", values, commands=commands)


def _rounder(epochs: int) -> int:
    """Return a number of epochs of one or two digits that count."""
    size = int(10 ** max(0, len(str(epochs)) - 2))
    return epochs // size * size
