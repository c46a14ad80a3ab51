"""What a table holds: each column with its range, its gaps and its frequent values, and relations.

The rows of the test part are counted and not described: what is chosen after looking at the
description is chosen without them.
"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from apprenti.data.describe.relation import DATES, NUMBERS, WORDS, as_values, holds, relation
from apprenti.data.kinds.columns import Columns
from apprenti.data.source import Table
from apprenti.data.split.parts import TEST

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOST_FREQUENT = 10
"""So many of a column's values are named, with the rows that have each."""

BINS = 20

SAMPLE_ROWS = 100_000
"""Relations and correlations are computed on so many rows at most, drawn with a fixed seed: the
standard error of a correlation is then below 0.004."""

SAMPLE_SEED = 0

MOST_CORRELATED = 50
"""So many columns of numbers are correlated with each other: those most related to the target."""


@dataclass(frozen=True)
class Histogram:
    """Rows by intervals of equal width: `counts[i]` lie between `edges[i]` and `edges[i + 1]`."""

    edges: tuple[float, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """One column; `lowest` and `highest` are numbers, or dates written as in ISO 8601."""

    name: str
    kind: str
    """number, category, date, text, left_out or target."""
    holds: str
    """numbers, dates or words."""
    missing: int
    """Rows without a value."""
    missing_share: float
    distinct: int
    lowest: float | str | None
    highest: float | str | None
    mean: float | None
    median: float | None
    deviation: float | None
    """Standard deviation, over n - 1."""
    frequent: tuple[tuple[float | str, int], ...]
    histogram: Histogram | None
    """Of numbers; of dates in seconds since 1970."""
    relation: float | None
    """With the target, between 0 and 1; see apprenti.data.describe.relation."""


@dataclass(frozen=True)
class Correlations:
    """Pearson's, over the rows where both columns have a value; None where one is constant."""

    names: tuple[str, ...]
    values: tuple[tuple[float | None, ...], ...]


@dataclass(frozen=True)
class Description:
    """A table in numbers; `classes` names each class with its rows, the largest first."""

    rows: int
    """Rows described: all but those of the test part."""
    test_rows: int
    task: str
    target: str
    columns: tuple[Column, ...]
    classes: tuple[tuple[str, int], ...]
    correlations: Correlations
    sampled_rows: int
    """How many rows the relations and correlations were computed on."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def describe(table: Table, parts: "np.ndarray[Any, Any] | None" = None) -> Description:
    """Describe a table; `parts` has one number a row, 2 for a row of the test part."""
    frame = plain(without_test(table.frame, parts))
    columns, target = table.columns, table.columns.target
    is_classes = table.task == "classification"
    sample = frame.sample(min(len(frame), SAMPLE_ROWS), random_state=SAMPLE_SEED)
    described = []
    for name in frame.columns:
        kind = kind_of(name, columns)
        related = None
        if kind not in ("target", "left_out"):
            related = relation(sample[name], sample[target], is_classes)
        described.append(_column(frame[name], kind, is_classes, related))
    counts = frame[target].value_counts() if is_classes else frame[target].iloc[:0]
    return Description(
        rows=len(frame),
        test_rows=len(table.frame) - len(frame),
        task=table.task,
        target=str(target),
        columns=tuple(described),
        classes=tuple((_written(name), int(count)) for name, count in counts.items()),
        correlations=_correlations(sample, described, is_classes),
        sampled_rows=len(sample),
    )


def without_test(frame: "pd.DataFrame", parts: "np.ndarray[Any, Any] | None") -> "pd.DataFrame":
    """Return the rows that a choice may be made on."""
    return frame if parts is None or not (parts == TEST).any() else frame[parts != TEST]


def plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the table with whatever is neither number, date nor yes and no as texts."""
    import pandas as pd

    frame = frame.copy(deep=False)
    for name in frame.columns:
        column = frame[name]
        if holds(column) == WORDS and not (
            pd.api.types.is_bool_dtype(column) or isinstance(column.dtype, pd.StringDtype)
        ):
            frame[name] = column.astype(object).map(str, na_action="ignore").astype("str")
    return frame


def kind_of(name: str, columns: Columns) -> str:
    """Return number, category, date, text, left_out or target."""
    if name == columns.target:
        return "target"
    if name in columns.left_out:
        return "left_out"
    if name in (columns.text, *columns.texts):
        return "text"
    if name in columns.numbers:
        return "number"
    return "category" if name in columns.categories else "date"


def _column(column: "pd.Series[Any]", kind: str, is_classes: bool, related: float | None) -> Column:
    import numpy as np

    counts = column.value_counts()
    missing = int(column.isna().sum())
    what = holds(column)
    if kind == "category" or (kind == "target" and is_classes):
        what = WORDS
    facts: dict[str, Any] = dict.fromkeys(("lowest", "highest", "mean", "median", "deviation"))
    histogram = None
    if what != WORDS and len(counts):
        values = as_values(column)
        values = values[np.isfinite(values)]
        histogram = _histogram(values, len(counts))
        facts = _range(column) if what == DATES else _numbers(values)
    return Column(
        name=str(column.name),
        kind=kind,
        holds=what,
        missing=missing,
        missing_share=missing / max(1, len(column)),
        distinct=len(counts),
        frequent=tuple(
            (_plain(value) if what == NUMBERS else _written(value), int(n))
            for value, n in counts.iloc[:MOST_FREQUENT].items()
        ),
        histogram=histogram,
        relation=related,
        **facts,
    )


def _plain(value: Any) -> float:
    """Return a number as Python has it."""
    found: float = value.item() if hasattr(value, "item") else value
    return found


def _written(value: Any) -> str:
    """Return a value as people write it: 3 for 3.0."""
    if isinstance(value, float):
        return f"{value:.10g}"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _numbers(values: "np.ndarray[Any, Any]") -> dict[str, Any]:
    import numpy as np

    if not len(values):
        return dict.fromkeys(("lowest", "highest", "mean", "median", "deviation"))
    # Numbers too large for their squares have an infinite deviation
    with np.errstate(over="ignore", invalid="ignore"):
        deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
        mean = float(values.mean())
    return {
        "lowest": float(values.min()),
        "highest": float(values.max()),
        "mean": mean,
        "median": float(np.median(values)),
        "deviation": deviation,
    }


def _range(dates: "pd.Series[Any]") -> dict[str, Any]:
    ends = {"lowest": dates.min().isoformat(), "highest": dates.max().isoformat()}
    return {**ends, "mean": None, "median": None, "deviation": None}


def _histogram(values: "np.ndarray[Any, Any]", distinct: int) -> Histogram | None:
    import numpy as np

    # Between numbers this far apart no interval has a width
    if not len(values) or not np.isfinite(values.max() - values.min()):
        return None
    try:
        counts, edges = np.histogram(values, max(1, min(BINS, distinct)))
    except ValueError:
        # Numbers so large and so near each other that nothing fits between them
        return None
    return Histogram(tuple(map(float, edges)), tuple(map(int, counts)))


def _correlations(
    sample: "pd.DataFrame", described: list[Column], is_classes: bool
) -> Correlations:
    import pandas as pd

    numbers = [column for column in described if column.kind == "number"]
    numbers.sort(key=lambda column: -(column.relation or 0))
    names = [column.name for column in numbers[:MOST_CORRELATED]]
    if not is_classes:
        names.insert(0, next(column.name for column in described if column.kind == "target"))
    if len(names) < 2:
        return Correlations((), ())
    values = pd.DataFrame({name: as_values(sample[name]) for name in names}).corr()
    rows = (tuple(None if v != v else float(v) for v in row) for row in values.to_numpy())
    return Correlations(tuple(names), tuple(rows))
