"""A column that has one value everywhere, or none: nothing can be learned from it."""

from collections.abc import Iterator

from apprenti.data.findings.evidence import Evidence
from apprenti.findings import Finding

CODE, SEVERITY = "D010", "warning"


def find(evidence: Evidence) -> Iterator[Finding]:
    import pandas as pd

    for name in evidence.columns.inputs:
        values = evidence.frame[name].unique()
        # A value beside gaps tells two kinds of rows apart
        if len(values) == 1 and pd.isna(values[0]):
            yield Finding(CODE, SEVERITY, name, sentence="empty")
        elif len(values) == 1:
            yield Finding(CODE, SEVERITY, name, {"value": str(values[0])})
