"""A column that gives the answer away: on its own it foretells the target nearly perfectly.

Each column alone is scored by cross-validation on a sample: numbers and dates by a decision tree
of limited depth, categories by the most likely answer of each. The score is the
balanced accuracy of classes, or R² of the rank of the target (so that a few huge values do not
decide). A category that was not seen when learning counts as foretold wrongly: names of rows get
no credit.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from apprenti.data.describe.relation import as_codes
from apprenti.data.findings import alone
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import pandas as pd

CODE, SEVERITY = "D020", "error"

WARNED = 0.98
"""Balanced accuracy or R². The best honest column of the sets that come with scikit-learn (the
width of a petal, for iris) reaches about 0.96."""

CERTAIN_CLASSES, CERTAIN_NUMBERS = 0.995, 0.999
"""Balanced accuracy, R²: from here on what is foretold is the answer itself in another form."""

CLEARLY_MORE = 0.02
"""By so much a column must beat all the others together: where these are as good, the problem is
easy, which is no fault."""

ROWS_AN_ANSWER = 10
"""So many rows on average has each value of a column that is the target under another name."""

FIRST_ROWS = 1000

ENOUGH_ROWS = 100
"""In fewer rows a good column can be perfect by chance: it is warned of, no more."""


def find(evidence: Evidence) -> Iterator[Finding]:
    sample = alone.draw(evidence)
    if sample is None:
        yield not_applicable(CODE, "too_few_rows")
        return
    scores = {name: alone.score(sample, name) for name in evidence.columns.inputs}
    again = {name for name in scores if _is_target_again(evidence, name)}
    suspects = {name: score for name, score in scores.items() if score >= WARNED or name in again}
    if not suspects:
        return
    rest = [name for name in evidence.columns.inputs if name not in suspects]
    others = alone.score_together(sample, rest)
    certain = CERTAIN_CLASSES if evidence.is_classes else CERTAIN_NUMBERS
    # Without other columns nothing says how hard the problem is
    judged = bool(rest) and len(sample.answers) >= ENOUGH_ROWS
    for name, score in suspects.items():
        sure = judged and score >= certain and score - others >= CLEARLY_MORE
        severity = SEVERITY if sure or name in again else "warning"
        values = {"score": score, "others": others, "target": evidence.columns.target}
        yield Finding(CODE, severity, name, values, "again" if name in again else "")


def _is_target_again(evidence: Evidence, name: str) -> bool:
    """Say if each value of a column goes with one answer, and each answer with one value.

    Each must stand for several rows, or it is by chance.
    """
    columns = evidence.frame[[name, evidence.columns.target]]
    # The first rows show that it is not so, but in a few cases
    return all(_go_one_to_one(rows.dropna()) for rows in (columns.iloc[:FIRST_ROWS], columns))


def _go_one_to_one(rows: "pd.DataFrame") -> bool:
    import numpy as np

    # Numbered in the order of their first rows, both have the same codes
    codes, answers = (as_codes(rows[name]) for name in rows)
    if len(rows) < ENOUGH_ROWS or (codes != answers).any():
        return False
    return bool(1 < len(np.unique(answers)) <= len(rows) / ROWS_AN_ANSWER)
