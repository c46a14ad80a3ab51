"""R07, stopped too early: the validation loss was still falling."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from apprenti.diagnose.evidence import Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.runs import STOPPED_EARLY

if TYPE_CHECKING:
    from apprenti.diagnose.evidence import Array

CODE, SEVERITY = "R07", "note"

FEWEST_EPOCHS = 3

STILL = 0.05
"""Over the last two fifths of the way the validation loss falls by at least this share, and by this
share of all that it fell by."""

SLOWLY, UNABATED = 0.01, 0.3
"""Or by the first share, and by the second of all: it has not slowed down yet."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if why := evidence.without_curves(CODE, FEWEST_EPOCHS):
        yield why
        return
    if evidence.run.status == STOPPED_EARLY:
        yield not_applicable(CODE, "own_rule")
        return
    valid, epochs = evidence.validation, evidence.epochs
    before = float(valid[_at_three_fifths(evidence.rates)])
    fallen = 1 - float(valid[-1]) / before if before > 0 else 0.0
    of_all = (before - valid[-1]) / (valid[0] - valid[-1]) if valid[0] > valid[-1] else 0.0
    is_falling = fallen >= STILL <= of_all or (fallen >= SLOWLY and of_all >= UNABATED)
    if is_falling and evidence.turn >= 0.9 * (epochs - 1):
        more = _rounder(2 * epochs)
        values = {"fallen": fallen, "epochs": epochs, "more": more}
        yield Finding(CODE, SEVERITY, "", values, commands=evidence.trained_for(more))


def _at_three_fifths(rates: "Array") -> int:
    """Return the place of the epoch after which two fifths of the way are left.

    The way is the sum of the rates: a schedule that ends in small ones makes any curve level.
    """
    import numpy as np

    way = np.cumsum(rates)
    return max(0, int(np.searchsorted(way, 0.6 * way[-1] * (1 + 1e-9))) - 1)


def _rounder(epochs: int) -> int:
    """Return a number of epochs of one or two digits that count."""
    size = int(10 ** max(0, len(str(epochs)) - 2))
    return epochs // size * size
