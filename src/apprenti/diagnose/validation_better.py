"""R10: better on validation than on training, by more than chance gives."""

from collections.abc import Iterator

from apprenti.diagnose.evidence import TRAIN, Evidence
from apprenti.findings import Finding, not_applicable
from apprenti.measures import VALID

CODE, SEVERITY = "R10", "warning"

MARGIN = 0.01
"""So far above the training score is the lowest that the validation score can be, at least."""


def find(evidence: Evidence) -> Iterator[Finding]:
    learned, checked = evidence.score(TRAIN), evidence.score(VALID)
    if learned is None or checked is None or evidence.by_chance is None:
        yield not_applicable(CODE, "no_score")
        return
    low = evidence.by_chance[0]
    if evidence.measure.better == "higher" and low - learned > MARGIN:
        values = {"measure": evidence.measure.name, "train": learned, "score": checked, "low": low}
        split = evidence.run.choices.get("data", {})
        why = next((key for key in ("time", "group") if split.get(key)), "random")
        yield Finding(CODE, SEVERITY, "", values, why)
