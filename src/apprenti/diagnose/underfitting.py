"""R03, underfitting: even the training rows are not learned."""

import math
from collections import Counter
from collections.abc import Iterator

from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "R03", "warning"

LITTLE = 0.02
"""So much better is a simple model on the training rows, at least."""

NOTHING = 0.95
"""From this share on of the loss of always giving the shares of the classes, nothing is learned."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if evidence.has_diverged or evidence.run.model == "trivial":
        yield not_applicable(CODE, "no_end" if evidence.has_diverged else "is_baseline")
        return
    learned = evidence.score(TRAIN)
    simple = evidence.linear.kept if evidence.linear else {}
    best = simple.get(f"{TRAIN}{evidence.measure.name}", math.nan)
    values = {"measure": evidence.measure.name, "train": learned}
    if learned is not None and best - learned > LITTLE:
        yield Finding(CODE, SEVERITY, "", {**values, "other": best}, "baseline")
    elif (share := _share(evidence)) is not None and share > NOTHING:
        yield Finding(CODE, SEVERITY, "", {**values, "share": share}, "nothing")


def _share(evidence: Evidence) -> float | None:
    """Return the training loss as a share of what knowing nothing of the rows costs."""
    loss = float(evidence.loss(TRAIN)[evidence.end])
    if not math.isfinite(loss):
        return None
    if not evidence.is_classes:
        # The loss of numbers is that of a target whose variance is 1
        return loss if evidence.estimates else None
    counts = Counter(one.truth for one in evidence.predictions).values()
    entropy = -sum(n / evidence.rows * math.log(n / evidence.rows) for n in counts)
    return loss / entropy if entropy > 0 else None
