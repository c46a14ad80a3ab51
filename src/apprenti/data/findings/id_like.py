"""A column that numbers or names the rows: a model can only learn it by heart."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

if TYPE_CHECKING:
    import pandas as pd

CODE, SEVERITY = "D011", "warning"

FEWEST_ROWS = 20
"""In fewer rows values are often all different by chance."""

DIFFERENT = 0.95
"""Texts are names of rows if there are at least this many different ones a row with a text."""

DENSE = 0.5
"""Whole numbers, all different, number the rows if they fill at least this share of their range:
numbering leaves no holes but those of rows taken away (the test part among them)."""


def find(evidence: Evidence) -> Iterator[Finding]:
    for name in (*evidence.columns.numbers, *evidence.columns.categories):
        column = evidence.frame[name].dropna()
        if len(column) < FEWEST_ROWS:
            continue
        looks = _numbers_rows if name in evidence.columns.numbers else _names_rows
        if looks(column):
            values = {"distinct": int(column.nunique()), "rows": len(column)}
            yield Finding(CODE, SEVERITY, name, values)


def _names_rows(column: "pd.Series[Any]") -> bool:
    return bool(column.nunique() >= DIFFERENT * len(column))


def _numbers_rows(column: "pd.Series[Any]") -> bool:
    """Whole numbers, all different, and either dense or growing from row to row."""
    import numpy as np

    values = column.to_numpy(float)
    if (values[:1000] % 1).any() or (values % 1).any():
        return False
    if (np.diff(values) > 0).all():
        return True
    dense = len(values) >= DENSE * (values.max() - values.min() + 1)
    return bool(dense and column.is_unique)
