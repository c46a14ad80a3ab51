"""Whole numbers that were taken for classes: which task that is, and how to choose the other."""

from collections.abc import Iterator

from apprenti.data.describe.relation import NUMBERS, holds
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

CODE, SEVERITY = "D028", "note"

FEWEST = 3
"""Two classes have no order."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if not evidence.is_classes:
        yield not_applicable(CODE, "no_classes")
        return
    answers = evidence.frame[evidence.columns.target].dropna()
    if evidence.task_chosen or holds(answers) != NUMBERS or answers.nunique() < FEWEST:
        return
    if (answers % 1 == 0).all():
        values = {
            "classes": int(answers.nunique()),
            "lowest": int(answers.min()),
            "highest": int(answers.max()),
        }
        yield Finding(CODE, SEVERITY, evidence.columns.target, values)
