"""R02, overfitting: the validation loss turns and rises, or training rows are known by heart."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.measures import VALID

CODE, SEVERITY = "R02", "warning"

RISE = 0.05
"""The validation loss of the model that is kept is at least this share above the lowest."""

FEWEST_EPOCHS = 4

GAP = 0.06
"""The training score is at least so far above what the validation score can be."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if evidence.has_diverged:
        yield not_applicable(CODE, "no_end")
        return
    if (found := _turned(evidence)) or (found := _by_heart(evidence)):
        yield found


def _turned(evidence: Evidence) -> Finding | None:
    """The training loss goes on falling after the validation loss has turned."""
    if evidence.epochs < FEWEST_EPOCHS or not evidence.has_losses:
        return None
    valid, train, end = evidence.validation, evidence.training, evidence.end
    turn = min(evidence.turn, end)
    rise = float(valid[end] / valid[turn] - 1) if valid[turn] > 0 else 0.0
    if rise < RISE or train[end] >= train[turn] or train[end] >= valid[end]:
        return None
    values = {"epoch": turn + 1, "epochs": evidence.epochs, "rise": rise}
    values |= {"lowest": float(valid[turn]), "last": float(valid[end])}
    return Finding(CODE, SEVERITY, "", values, "turn", commands=evidence.improve)


def _by_heart(evidence: Evidence) -> Finding | None:
    """The training score is above all that the validation score can be."""
    learned, checked = evidence.score(TRAIN), evidence.score(VALID)
    if learned is None or checked is None or evidence.by_chance is None:
        return None
    high = evidence.by_chance[1]
    gap = learned - high
    if evidence.measure.better != "higher" or gap < GAP:
        return None
    values = {"measure": evidence.measure.name, "train": learned, "score": checked}
    values |= {"high": high}
    return Finding(CODE, SEVERITY, "", values, "gap", commands=evidence.improve)
