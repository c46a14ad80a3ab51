"""R05, learning rate too high: the loss is lost, or jumps up and down."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R05", "error"

FEWEST_EPOCHS = 5

UPWARDS = 0.3
"""Of all the ways that the training loss goes, at least this share leads up."""

JUMPS = 0.03
"""And a step is, on average, at least this share of the loss."""


def find(evidence: Evidence) -> Iterator[Finding]:
    import numpy as np

    if evidence.has_diverged:
        rate = evidence.choices.get("train", {}).get("learning_rate")
        values = {"epoch": evidence.epochs, "rate": rate, "smaller": _smaller(rate)}
        yield Finding(CODE, SEVERITY, "", values, "diverged", commands=_commands(evidence, rate))
        return
    if evidence.epochs < FEWEST_EPOCHS:
        yield not_applicable(CODE, evidence.why_no_curve, epochs=evidence.epochs)
        return
    loss = evidence.loss(TRAIN)
    steps = np.diff(loss)
    travelled = float(np.abs(steps).sum())
    upwards = float(steps[steps > 0].sum()) / travelled if travelled else 0.0
    jumps = float(np.abs(steps).mean() / np.abs(loss).mean()) if travelled else 0.0
    if upwards >= UPWARDS and jumps >= JUMPS:
        rate = evidence.choices.get("train", {}).get("learning_rate")
        values = {"upwards": upwards, "jumps": jumps, "rate": rate, "smaller": _smaller(rate)}
        yield Finding(CODE, "warning", "", values, "jumps", commands=_commands(evidence, rate))


def _smaller(rate: object) -> float | None:
    return rate / 10 if isinstance(rate, int | float) and rate else None


def _commands(evidence: Evidence, rate: object) -> tuple[str, ...]:
    smaller = _smaller(rate)
    return (evidence.try_again(f"learning_rate={smaller:g}"),) if smaller else ()
