"""What is wrong with a table: one rule a file, each with its code, severity and page of docs.

A rule is a module with CODE, SEVERITY (the highest it gives) and `find(evidence)`, which yields
Findings. Rules never see the rows of the test part: `look` takes them away before it asks. Only
those whose subject is the parts themselves are given all rows, and they compare hashes.
"""

from collections.abc import Sequence
from types import ModuleType

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
from apprenti.data.samples import Rows
from apprenti.data.split import TEST
from apprenti.data.tables import Columns, Table

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

ABOUT_ARRAYS = (
    few_rows,
    one_class,
    small_class,
    imbalance,
    duplicates,
    contradictions,
    copies_between_parts,
)
"""The rules that need nothing but the answers, and to know which inputs are the same."""


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


def look_at_rows(rows: Rows, task: str, table: Table | None = None) -> list[Finding]:
    """Return what is wrong with images or other arrays: with their answers, and their copies.

    `table` is the one that names the files, where there is one.
    """
    import pandas as pd

    target, inputs = rows.target, f"{rows.target} contents"
    columns = Columns(target, (), (inputs,), (), (), ())
    content = {inputs: rows.contents, target: rows.labels}
    frame = pd.DataFrame(content, index=None if rows.names is None else list(rows.names))
    evidence = Evidence(frame, columns, task, rows.parts, named=rows.names is not None)
    found = look(evidence, ABOUT_ARRAYS)
    if table is None:
        return found
    whole = Evidence(table.frame[[table.columns.target]], table.columns, task, None)
    return _by_severity([*found, *unlabelled.find(whole)])


def _by_severity(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda finding: SEVERITIES.index(finding.severity))


__all__ = ["RULES", "SEVERITIES", "Evidence", "Finding", "look", "look_at_rows"]
