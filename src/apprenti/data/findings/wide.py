"""More inputs than rows to learn from: a model can know each row by heart."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from apprenti.data.findings.cells import CATEGORIES, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.data.split.parts import TRAIN
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import pandas as pd

CODE, SEVERITY = "D026", "warning"

FREQUENT = 0.01
"""Share of the rows from which on a category is an input of its own; all rarer ones share one."""

OF_A_DATE = 3
"""The days, the month and the day of the week."""


def find(evidence: Evidence) -> Iterator[Finding]:
    columns = evidence.columns
    if columns.text or columns.image:
        yield not_applicable(CODE, "no_columns")
        return
    frame = evidence.frame
    if evidence.parts is not None:
        frame = frame[evidence.parts == TRAIN]
    frame = frame[frame[columns.target].notna()]
    # A category is frequent or shares an input: no column has more than a hundred or so
    most = len(columns.inputs) * (2 + round(1 / FREQUENT))
    if not len(frame) or most < len(frame):
        return
    numbers = [*columns.numbers, *(name for name, _ in columns.dates)]
    inputs = len(columns.numbers) + OF_A_DATE * len(columns.dates)
    inputs += int(frame[numbers].isna().any().sum())
    # Of texts, and of names of rows, other rules speak
    words = [name for name in columns.categories if look_like(evidence, name) == CATEGORIES]
    inputs += sum(_inputs_of(frame[name]) for name in words)
    if inputs >= len(frame):
        values = {"inputs": inputs, "rows": len(frame), "columns_given": len(columns.inputs)}
        yield Finding(CODE, SEVERITY, "", values)


def _inputs_of(column: "pd.Series[object]") -> int:
    """Return how many inputs a column of categories becomes; what is missing is one."""
    counts = column.value_counts(dropna=False)
    frequent = int((counts >= FREQUENT * len(column)).sum())
    return frequent + (frequent < len(counts))
