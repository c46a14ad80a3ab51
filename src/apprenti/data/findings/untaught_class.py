"""Classes that stand in the validation part and in no row of the training part."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence, shares
from apprenti.data.split.parts import TRAIN, VALID
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D033", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_classes or evidence.parts is None:
        yield not_applicable(CODE, "no_parts" if evidence.is_classes else "no_classes")
        return
    answers = evidence.frame[evidence.columns.target]
    taught = set(answers[evidence.parts == TRAIN].unique())
    checked = answers[evidence.parts == VALID].value_counts()
    untaught = {str(name): int(rows) for name, rows in checked.items() if name not in taught}
    if untaught:
        values = {"classes": shares(untaught), "count": len(untaught)}
        yield Finding(CODE, SEVERITY, evidence.columns.target, values)
