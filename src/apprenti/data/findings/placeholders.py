"""Words and numbers that stand for "unknown": a class that is none, a number never measured.

A number is one of these only if it stands apart from all others (-999 under temperatures) and comes
several times.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.relation import NUMBERS as ARE_NUMBERS
from apprenti.data.describe.relation import as_values, holds
from apprenti.data.findings.cells import NUMBERS, bare, look_like
from apprenti.data.findings.evidence import Evidence, shares
from apprenti.data.findings.unknown import stands_for_unknown
from apprenti.findings import Finding

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D024", "warning"

LOOKED_AT = 1000
"""So many values of a column of words are looked at, the most frequent first."""

LONGEST_SHORT = 3
"""Letters of NR, ND or NC, which are codes as any other where all are as short: of states, say."""

BELOW = (-1, -9, -99, -999, -9999, -99999, -999999)
ABOVE = (99, 999, 9999, 99999, 999999, 9999999)
"""The numbers by which "unknown" is written."""

FEWEST = 3
"""Rows that have such a number."""

APART, GAPS = 0.25, 3
"""It is away from the nearest other by this share of the range of all others, and by so many times
the widest gap among them."""

CHARMING = 0.3
"""Where so many numbers end in 9, as prices do, 999 is one of them."""


def find(evidence: Evidence) -> Iterator[Finding]:
    target = evidence.columns.target
    names = (target, *evidence.columns.numbers, *evidence.columns.categories)
    found = {name: values for name in names if (values := of_column(evidence, name))}
    # One line of settings for all columns
    missing = sorted({value for values in found.values() for value, _ in values})
    if answers := found.pop(target, None):
        yield Finding(CODE, SEVERITY, target, {"columns": answers, "missing": missing}, "target")
    if found:
        rows = {f"{name} = {value}": n for name, values in found.items() for value, n in values}
        grave = any(_does_harm(evidence, name) for name in found)
        told = {"columns": shares(rows), "missing": missing}
        yield Finding(CODE, SEVERITY if grave else "note", "", told)


def _does_harm(evidence: Evidence, name: str) -> bool:
    """Say if a column is spoilt; where "unknown" is a category among others it does no harm."""
    return name in evidence.columns.numbers or look_like(evidence, name) == NUMBERS


def of_column(evidence: Evidence, name: str) -> list[tuple[str, int]]:
    """Return the values of a column that stand for "unknown", with their rows."""
    import pandas as pd

    column = evidence.frame[name]
    if pd.api.types.is_bool_dtype(column):
        return []
    unread = evidence.columns.unread.get(name)
    words = unread.frequent if unread else ()
    said = [(word, rows) for word, rows in words if stands_for_unknown(word)]
    if holds(column) == ARE_NUMBERS:
        classes = evidence.is_classes and name == evidence.columns.target
        codes = [(f"{code:.10g}", rows) for code, rows in _codes(as_values(column), classes)]
        return [*said, *codes]
    if said:
        return said
    if name in evidence.columns.numbers or holds(column) != "words":
        return []
    counts = evidence.counts(name).iloc[:LOOKED_AT]
    return [(str(text), int(rows)) for text, rows in counts.items() if _is_unknown(text, counts)]


def classes(evidence: Evidence) -> "pd.Series[int]":
    """Return the rows of each class, without those that stand for "unknown": more are no help."""
    target = evidence.columns.target
    unknown = {value for value, _ in of_column(evidence, target)}
    counts = evidence.counts(target)
    return counts[[str(value) not in unknown for value in counts.index]] if unknown else counts


def _is_unknown(text: object, counts: "pd.Series[int]") -> bool:
    word = str(text)
    if not stands_for_unknown(word):
        return False
    if not bare(word).isalpha() or len(word) > LONGEST_SHORT:
        return True
    others = [str(other) for other in counts.index if not stands_for_unknown(str(other))]
    alike = sum(len(other) == len(word) and other.isupper() for other in others)
    return alike < 0.8 * len(others)


def _codes(values: "Array", are_classes: bool) -> Iterator[tuple[float, int]]:
    """Yield the numbers that stand for "unknown", from both ends, with their rows."""
    import numpy as np

    values = values[np.isfinite(values)]
    for codes, end in ((BELOW, np.min), (ABOVE, np.max)):
        while len(values) and (code := float(end(values))) in codes:
            rest = values[values != code]
            rows = len(values) - len(rest)
            if rows < FEWEST or not _is_apart(code, rows, rest, are_classes):
                break
            yield code, rows
            values = rest


def _is_apart(code: float, rows: int, rest: "Array", are_classes: bool) -> bool:
    import numpy as np

    values, counts = np.unique(rest, return_counts=True)
    if len(values) < 2:
        return False
    if code == -1:
        return _is_below(rows, values, counts, are_classes)
    if code > 0 and (rest % 10 == 9).mean() > CHARMING:
        return False
    gap = min(abs(values[0] - code), abs(values[-1] - code))
    return bool(gap >= APART * np.ptp(values) and gap >= GAPS * np.diff(values).max())


def _is_below(rows: int, values: "Array", counts: "Array", are_classes: bool) -> bool:
    """Say if -1 is no number like the others, none of which is below 0."""
    if values[0] < 0:
        return False
    if (values % 1).any():
        # Measures rarely are the same; -1 is, each time
        return bool(rows > 3 * counts.max())
    # Codes count from 1; where there is a 0 as well, -1 may be one less
    from_one = values[0] >= 1 and len(values) >= 3
    return bool(from_one or (not are_classes and len(values) >= 20 and rows > counts.max()))
