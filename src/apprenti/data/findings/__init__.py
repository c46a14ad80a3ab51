"""What is wrong with a table: one rule a file, each with its code, severity and page of docs.

A rule is a module with CODE, SEVERITY (the highest it gives) and `find(evidence)`, which yields
Findings. Rules never see the rows of the test part: `look` takes them away before it asks. Only
those whose subject is the parts themselves are given all rows, and they compare hashes.
"""

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from apprenti.data.description import plain, without_test
from apprenti.data.findings import (
    blank_texts,
    constant,
    contradictions,
    copies_between_parts,
    dates_drawn,
    duplicates,
    few_rows,
    gives_away,
    id_like,
    imbalance,
    many_values,
    missing,
    mixed,
    mostly_missing,
    one_class,
    outliers,
    small_class,
    twins,
    unlabelled,
    unseen_values,
)
from apprenti.data.findings.evidence import SEVERITIES, Evidence, Finding
from apprenti.data.split import TEST
from apprenti.data.tables import Columns

if TYPE_CHECKING:
    import numpy as np

RULES = (
    few_rows,
    one_class,
    small_class,
    imbalance,
    unlabelled,
    missing,
    mostly_missing,
    blank_texts,
    mixed,
    constant,
    id_like,
    many_values,
    outliers,
    twins,
    duplicates,
    contradictions,
    copies_between_parts,
    unseen_values,
    dates_drawn,
    gives_away,
)
"""In the order of their codes."""

ABOUT_PARTS = (copies_between_parts,)
"""The rules that are given the rows of the test part too."""

ABOUT_LABELS = (few_rows, one_class, small_class, imbalance)
"""The rules that need nothing but the answers."""


def look(evidence: Evidence, rules: Sequence[ModuleType] = RULES) -> list[Finding]:
    """Return what these rules find, errors first, then warnings, then notes."""
    whole = evidence._replace(frame=plain(evidence.frame))
    parts = whole.parts
    seen = whole._replace(
        frame=without_test(whole.frame, parts),
        parts=None if parts is None else parts[parts != TEST],
    )
    found = [
        finding for rule in rules for finding in rule.find(whole if rule in ABOUT_PARTS else seen)
    ]
    return _by_severity(found)


def look_at_labels(labels: "np.ndarray[Any, Any]") -> list[Finding]:
    """Return what is wrong with the labels of images or other arrays."""
    import pandas as pd

    columns = Columns("label", (), (), (), (), ())
    evidence = Evidence(pd.DataFrame({"label": labels}), columns, "classification", None)
    found = [finding for rule in ABOUT_LABELS for finding in rule.find(evidence)]
    return _by_severity(found)


def _by_severity(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


__all__ = ["RULES", "SEVERITIES", "Evidence", "Finding", "look", "look_at_labels"]
