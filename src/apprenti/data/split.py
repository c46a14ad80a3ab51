"""Which part each row of a table goes to: computed by the code that a script computes it with."""

from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from apprenti.data.tables import Table
from apprenti.project import DataSettings, Split

if TYPE_CHECKING:
    import numpy as np

TRAIN, VALID, TEST, UNUSED = range(4)

DEFAULT_TEST = 0.15
"""The share put aside for the test where the data bring no test part of their own."""


def counts(split: Split, rows: int, has_test_part: bool = False) -> dict[str, int]:
    """Return how many rows each part gets: train, valid, test. They may be too few, or negative."""
    amount = split.test
    if amount is None:
        amount = 0 if has_test_part else DEFAULT_TEST
    kept = {"valid": _rows(split.valid, rows), "test": _rows(amount, rows)}
    left = rows - sum(kept.values())
    train = left if split.train is None else min(left, _rows(split.train, rows))
    return {"train": train, **kept}


def _rows(amount: float, rows: int) -> int:
    return amount if isinstance(amount, int) else round(amount * rows)


def kind(data: DataSettings) -> str:
    """Return how the rows are shared out: random, groups or time."""
    return "groups" if data.group else "time" if data.time else "random"


def parts_of(table: Table, split: Split, data: DataSettings) -> "np.ndarray[Any, Any]":
    """Return the part of each row of the table (TRAIN, VALID, TEST, UNUSED), one byte a row.

    Rows without an answer are UNUSED, and so are those beyond the number to learn from.
    """
    import numpy as np

    answered = np.flatnonzero(table.frame[table.columns.target].notna())
    looked_at = table.frame[data.group or data.time or table.columns.target].iloc[answered]
    # The learner's own code decides; it is the only part of it that the workbench calls
    split_rows = import_module(f"apprenti.backends.common.split_{kind(data)}").split_rows
    settings = SimpleNamespace(**counts(split, len(answered)), split_seed=split.seed)
    train, valid = split_rows(looked_at.to_numpy(), settings)
    parts = np.full(len(answered), TEST, np.uint8)
    # Those that would be learned from if more were wanted are not the test
    every = SimpleNamespace(**{**vars(settings), "train": len(answered)})
    parts[split_rows(looked_at.to_numpy(), every)[0]] = UNUSED
    parts[train], parts[valid] = TRAIN, VALID
    everywhere = np.full(len(table.frame), UNUSED, np.uint8)
    everywhere[answered] = parts
    return everywhere
