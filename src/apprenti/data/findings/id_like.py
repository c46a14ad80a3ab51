"""A column that numbers or names the rows: a model can only learn it by heart."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.data.findings.cells import FEWEST_ROWS, NAMES, bare, look_like
from apprenti.data.findings.evidence import Evidence
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.findings import Finding

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

CODE, SEVERITY = "D011", "warning"

DENSE = 0.5
"""Whole numbers, all different, number the rows if they fill at least this share of their range:
numbering leaves no holes but those of rows taken away (the test part among them)."""

EXPECTED_PAIRS = 10
"""Where chance would have made so many pairs of equal numbers and there is none, it was no chance:
of n numbers drawn from a range of r about n² / 2r pairs are equal."""

FEWEST_DIGITS = 7
"""Fewer digits are those of prices and populations too."""

UNIFORM = 1.63
"""Kolmogorov and Smirnov's distance times the root of the rows, which numbers drawn evenly from
their range exceed once in a hundred times. Measures are not spread evenly."""

LARGEST = 2**53
"""Beyond, numbers with a decimal point do not hold every whole number."""

TIMES = ((1e8, 3e9), (1e11, 3e12))
"""Seconds, and thousandths, since 1970: what looks so can be a date."""

FIRST = {"id", "no", "num", "numero", "n°", "uuid", "matricule"}
LAST = FIRST | {"ids", "uid", "guid", "identifier", "identifiant", "key", "cle", "number"}
LAST |= {"nr", "ref", "reference", "account", "compte", "siret", "siren", "isbn", "ean"}
"""Words with which names of such columns begin, or end: id_client, CustomerId, account number."""


def find(evidence: Evidence) -> Iterator[Finding]:
    written = evidence.columns.written
    moments = {name for name, how in written.items() if how.doubt in SINCE_1970}
    for name in evidence.columns.numbers:
        column = evidence.frame[name].dropna()
        if name not in moments and len(column) >= FEWEST_ROWS and _numbers_rows(column):
            yield _finding(name, len(column), len(column))
    for name in evidence.columns.categories:
        if name not in moments and look_like(evidence, name) == NAMES:
            counts = evidence.counts(name)
            yield _finding(name, len(counts), int(counts.sum()))


def _finding(name: str, distinct: int, rows: int) -> Finding:
    return Finding(CODE, SEVERITY, name, {"distinct": distinct, "rows": rows})


def _numbers_rows(column: "pd.Series[Any]") -> bool:
    """Whole numbers, all different: growing, dense, or far apart as only codes are."""
    import numpy as np

    values = _whole(column)
    if values is None:
        return False
    if (values[1:] > values[:-1]).all():
        return True
    if not column.is_unique:
        return False
    low, high, rows = int(values.min()), int(values.max()), len(values)
    reach = high - low + 1
    if rows >= DENSE * reach or rows**2 >= 2 * EXPECTED_PAIRS * reach:
        return True
    if _is_named_so(str(column.name)):
        return True
    if any(least <= low and high <= most for least, most in TIMES):
        return False
    if low <= 0 or len(str(low)) != len(str(high)) or len(str(low)) < FEWEST_DIGITS:
        return False
    places = (np.sort(values).astype(float) - low) / reach
    distance = np.abs(places - np.arange(rows) / rows).max()
    return bool(distance * np.sqrt(rows) < UNIFORM)


def _whole(column: "pd.Series[Any]") -> "Array | None":
    """Return a column without gaps as whole numbers, or None if it holds others."""
    import numpy as np
    import pandas as pd

    values: Array
    if pd.api.types.is_integer_dtype(column):
        values = column.to_numpy(np.int64)
        return values
    values = column.to_numpy(float)
    if (values[:1000] % 1).any() or (values % 1).any() or np.abs(values).max() >= LARGEST:
        return None
    return values.astype(np.int64)


def _is_named_so(name: str) -> bool:
    """Say if a name is that of an identifier; no_of_rooms is none."""
    words = re.findall(r"n°|[a-z]+", bare(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)))
    if not words:
        return False
    is_number_of = words[0] != "n°" and words[1:2] in (["of"], ["de"], ["d"])
    return words[-1] in LAST or (words[0] in FIRST and not is_number_of)
