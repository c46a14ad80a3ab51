"""Columns that say the same: numbers nearly proportional, dates equally far apart, equal words."""

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

from apprenti.data.describe.relation import as_codes, as_values
from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding, not_applicable

if TYPE_CHECKING:
    import pandas as pd

CODE, SEVERITY = "D014", "warning"

ALIKE = 0.99
"""Absolute correlation; then 98 % of the variance of one column is that of the other."""

FEWEST_ROWS = 20

SAMPLE_ROWS, SAMPLE_SEED = 10_000, 0
"""Correlations are computed on so many rows at most; categories are compared in all rows."""


def find(evidence: Evidence) -> Iterator[Finding]:
    if len(evidence.frame) < FEWEST_ROWS:
        yield not_applicable(CODE, "too_few_rows")
        return
    pairs = [*_proportional(evidence), *_shifted(evidence), *_one_to_one(evidence)]
    for group in _groups(pairs):
        yield Finding(CODE, SEVERITY, "", {"columns": group, "count": len(group)})


def _proportional(evidence: Evidence) -> Iterator[tuple[str, str]]:
    import pandas as pd

    rows = min(len(evidence.frame), SAMPLE_ROWS)
    sample = evidence.frame.sample(rows, random_state=SAMPLE_SEED)
    names = list(evidence.columns.numbers)
    values = pd.DataFrame({name: as_values(sample[name]) for name in names})
    # With gaps, two columns are alike only if enough rows have both
    found = values.corr(min_periods=FEWEST_ROWS).abs().to_numpy() > ALIKE
    for row, name in enumerate(names):
        for other in range(row):
            if found[row, other]:
                yield names[other], name


def _shifted(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield pairs of dates that are the same, or always the same time apart."""
    import numpy as np

    rows = min(len(evidence.frame), SAMPLE_ROWS)
    sample = evidence.frame.sample(rows, random_state=SAMPLE_SEED)
    values = {name: as_values(sample[name]) for name, _ in evidence.columns.dates}
    for name, other in combinations(values, 2):
        between = values[name] - values[other]
        between = between[np.isfinite(between)]
        if len(between) >= FEWEST_ROWS and np.ptp(values[name][np.isfinite(values[name])]):
            most = np.unique(between, return_counts=True)[1].max()
            if most >= ALIKE * len(between):
                yield name, other


def _one_to_one(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield pairs of columns whose values go one with one, gaps with gaps."""
    seen: dict[bytes, str] = {}
    for name in (*evidence.columns.categories, *evidence.columns.numbers):
        column = evidence.frame[name]
        if not _is_repetitive(column):
            continue
        # Numbered in the order of their first rows, such columns have the same codes
        codes = as_codes(column).tobytes()
        if codes in seen:
            yield seen[codes], name
        seen.setdefault(codes, name)


def _is_repetitive(column: "pd.Series[object]") -> bool:
    """Say if a column has at least two values, and a tenth as many as rows at most."""
    few = column.iloc[:1000].nunique() <= 500 and 2 <= column.nunique() <= len(column) / 10
    return bool(few)


def _groups(pairs: list[tuple[str, str]]) -> list[list[str]]:
    """Join pairs that share a column, in the order in which they come."""
    groups: list[list[str]] = []
    for pair in pairs:
        touched = [group for group in groups if set(group) & set(pair)]
        joined = list(dict.fromkeys([*(name for group in touched for name in group), *pair]))
        groups = [group for group in groups if group not in touched] + [joined]
    return groups
