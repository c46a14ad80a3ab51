"""Which part each row of a table goes to: computed by the code that a script computes it with."""

from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.columns import split_column, split_kind
from apprenti.data.kinds.split_by import moments, of_script
from apprenti.data.source import Source, Table
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings, Split

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, Any]

TRAIN, VALID, TEST, UNUSED = range(4)

PARTS = {"train": TRAIN, "valid": VALID, "test": TEST}
"""The numbers of those that have a use."""

IN_FOLDERS = "folders"
"""The split of images that come with a folder of their own for the validation."""

DEFAULT_TEST = 0.15
"""The share put aside for the test where the data bring no test part of their own."""


def counts(
    split: Split,
    rows: int,
    has_test_part: bool = False,
    valid_part: int = 0,
    how: str = "random",
) -> dict[str, int]:
    """Return how many rows each part gets: train, valid, test. They may be too few, or negative.

    `valid_part` rows come as the validation set, and no others are in it. Rows that are shared out
    by groups or by time (`how`) come as near to these numbers as they can.
    """
    amount = split.test
    if amount is None:
        amount = 0 if has_test_part else DEFAULT_TEST
    kept = {"valid": valid_part or _rows(split.valid, rows), "test": _rows(amount, rows)}
    left = rows - sum(kept.values())
    if split.folds:
        left, kept["valid"] = _of_fold(split, rows - kept["test"], how)
    train = left if split.train is None else min(left, _rows(split.train, rows))
    return {"train": train, **kept}


def check_left(split: Split, rows: int, parts: Mapping[str, int]) -> None:
    """Refuse a training part of more rows than are left; a share is of these at most."""
    left = rows - parts["valid"] - parts["test"]
    # A fold has the rows that it has
    if isinstance(split.train, int) and split.train > left and not split.folds:
        kept = {name: parts[name] for name in ("valid", "test")}
        raise ApprentiError("train_not_left", asked=split.train, rows=rows, left=left, **kept)


def counted(parts: "Array") -> dict[str, int]:
    """Return how many rows are in each part."""
    return {name: int((parts == number).sum()) for name, number in PARTS.items()}


def _of_fold(split: Split, others: int, how: str) -> tuple[int, int]:
    """Return how many rows a fold learns from, and validates on, of those that are not test rows.

    By time it learns from those before it alone.
    """
    if how == "time":
        before, after = (others * (split.fold + n) // (split.folds + 1) for n in (1, 2))
        return before, after - before
    valid = len(range(split.fold, others, split.folds))
    return others - valid, valid


def _rows(amount: float, rows: int) -> int:
    return amount if isinstance(amount, int) else round(amount * rows)


class By(NamedTuple):
    """What the rows are shared out by."""

    how: str = "random"
    """random, groups or time."""
    column: str = ""
    """That of the groups or times."""
    written: str = ""
    """How times are written."""


def by_of(table: Table, data: DataSettings) -> By:
    """Return what the rows of a table are shared out by."""
    how, written = split_kind(data), str(table.settings.get("time_format", ""))
    return By(how, "" if how == "random" else split_column(data, ""), written)


def parts_of(table: Table, split: Split, data: DataSettings) -> "Array":
    """Return the part of each row of the table (TRAIN, VALID, TEST, UNUSED), one byte a row.

    UNUSED are rows without an answer, without a group or a time where the split goes by it, and
    those beyond the number to learn from. Of a table of which only a sample is kept, the sample is
    shared out. Raises ApprentiError where there are fewer groups, or moments, than parts.
    """
    import numpy as np

    answered = table.frame[table.columns.target].notna().to_numpy()
    looked_at = table.frame[split_column(data, table.columns.target)][answered]
    everywhere = np.full(len(table.frame), UNUSED, np.uint8)
    smaller = of_sample(split, table.share)
    everywhere[answered] = parts_by(looked_at.to_numpy(), smaller, by_of(table, data))
    return everywhere


def of_sample(split: Split, share: float) -> Split:
    """Return the split of a sample: numbers of rows become as many times smaller as it is."""
    amounts = {"train": split.train, "valid": split.valid, "test": split.test}
    smaller = {
        name: max(1, round(amount * share))
        for name, amount in amounts.items()
        if isinstance(amount, int) and share < 1 and amount
    }
    return split.model_copy(update=smaller)


def parts_of_rows(source: Source, names: "Array | None", labels: "Array", split: Split) -> "Array":
    """Return the part of each row of a source that is no table."""
    import numpy as np

    if source.split == IN_FOLDERS and names is not None:
        # As the script knows them: by the folder with which their names begin
        within = f"{source.settings['valid_folder']}/"
        labels = np.char.startswith(names, within)
    return parts_by(labels, split, By(source.split), source.has_test_part)


def parts_by(
    looked_at: "Array", split: Split, by: By | None = None, has_test_part: bool = False
) -> "Array":
    """Return the part of each row, by what the split looks at: answers, groups, times, folders.

    With `has_test_part` the test has files of its own, and none of these rows.
    """
    import numpy as np

    by = by or By()
    if has_test_part:
        split = split.model_copy(update={"test": 0})
    check_folds(split, by.how)
    valid = int(looked_at.sum()) if by.how == IN_FOLDERS else 0
    wanted = counts(split, len(looked_at), valid_part=valid, how=by.how)
    if by.column:
        _refuse_too_few(looked_at, wanted, by)
    if split.folds:
        _refuse_too_many_folds(looked_at, split, wanted, by)
        if by.column and split.train is None:
            # How many come into the fold is known when it is there: none is left out
            wanted["train"] = len(looked_at)
    # The learner's own code decides; it is the only part of it that the workbench calls
    found = np.full(len(looked_at), UNUSED, np.uint8)
    for part, some in zip((TRAIN, VALID, TEST), _split(looked_at, split, wanted, by), strict=True):
        found[some] = part
    return found


def _split(
    looked_at: "Array", split: Split, wanted: dict[str, int], by: By
) -> "tuple[Array, Array, Array]":
    """Return the rows of each part, as the learner's own code decides them in a script."""
    block = import_module(f"apprenti.backends.common.split_{by.how}")
    chosen = {"split_seed": split.seed, "folds": split.folds, "fold": split.fold}
    chosen["draw"] = split.draw
    settings = SimpleNamespace(**wanted, **chosen, **of_script(by.written))
    found: tuple[Array, Array, Array] = block.split(looked_at, settings)
    return found


def check_folds(split: Split, how: str) -> None:
    """Refuse folds that are none, and those of data that bring a validation set of their own."""
    if not split.folds:
        return
    if split.folds == 1:
        raise ApprentiError("one_fold")
    if split.fold >= split.folds:
        raise ApprentiError(
            "no_such_fold", fold=split.fold, folds=split.folds, last=split.folds - 1
        )
    if how == IN_FOLDERS:
        raise ApprentiError("folds_of_folders", folds=split.folds)


def _refuse_too_many_folds(
    looked_at: "Array", split: Split, wanted: dict[str, int], by: By
) -> None:
    """Refuse folds of which one would be empty: groups, and the rows of a time, are never cut."""
    import numpy as np

    # Whichever the fold: the test rows are the same, and the others are all that there is to cut
    whole = split.model_copy(update={"folds": 0})
    others = np.concatenate(_split(looked_at, whole, {**wanted, "train": len(looked_at)}, by)[:2])
    found = len(_units(looked_at[others], by).value_counts()) if by.column else len(others)
    needed = split.folds + (by.how == "time")
    if found < needed:
        values = {"folds": split.folds, "found": found, "needed": needed}
        if by.column:
            raise ApprentiError("too_many_folds_of", name=by.column, **values)
        raise ApprentiError("too_many_folds", **values)


def _units(looked_at: "Array", by: By) -> "pd.Series[Any]":
    """Return what is never cut: the group, or the time, of each row."""
    import pandas as pd

    column = pd.Series(looked_at)
    return moments(column, by.written) if by.how == "time" else column


def _refuse_too_few(looked_at: "Array", wanted: dict[str, int], by: By) -> None:
    """Refuse to share out fewer groups, or moments, than there are parts: they are never cut."""
    rows = _units(looked_at, by).value_counts()
    parts = 3 if wanted["test"] > 0 else 2
    if len(rows) < parts:
        named = ", ".join(f"{name}: {count}" for name, count in rows.items()) or "-"
        values = {"name": by.column, "found": len(rows), "rows": named, "parts": parts}
        if by.how == "groups":
            raise ApprentiError("too_few_groups", **values)
        raise ApprentiError("too_few_times", **values)
