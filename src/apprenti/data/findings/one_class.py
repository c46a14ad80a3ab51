"""All the rows to learn from have the same answer."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.data.split.parts import TRAIN
from apprenti.findings import Finding

CODE, SEVERITY = "D002", "error"


def find(evidence: Evidence) -> Iterator[Finding]:
    answers = evidence.frame[evidence.columns.target]
    if evidence.parts is not None:
        answers = answers[evidence.parts == TRAIN]
    answers = answers.dropna()
    if answers.nunique() == 1:
        only = str(answers.iloc[0])
        yield Finding(CODE, SEVERITY, evidence.columns.target, {"only": only, "rows": len(answers)})
