"""What the rules are given."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.passed_over import PassedOver
from apprenti.data.kinds.remarks import Remark
from apprenti.data.split.sharing import Sharing

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MOST_PAIRS = 100
"""So many pairs of copies are named at most."""


MOST_EXAMPLES = 12
"""So many files are named at most, where many are passed over."""


class OfFiles(Protocol):
    """What the rules about files are given."""

    @property
    def beside(self) -> PassedOver | None: ...


class Files(NamedTuple):
    """What lies in a folder of images and is not read, and nothing else."""

    beside: PassedOver | None


class Evidence(NamedTuple):
    """A table, what its columns are for, and which part each row belongs to."""

    frame: "pd.DataFrame"
    columns: Columns
    task: str
    """classification or regression."""
    parts: "np.ndarray[Any, Any] | None"
    """One number a row, as in data/split/parts.py. None: the rows are not shared out."""
    time: str | None = None
    """The column that the split follows, if it follows one."""
    named: bool = False
    """Whether the index of the frame names the rows: as files of images."""
    remarks: tuple[Remark, ...] = ()
    """What was skipped or mended when the file was read."""
    beside: PassedOver | None = None
    """What lies in the folder of the images and is not read."""
    task_chosen: bool = False
    """Whether the user has said which task it is."""
    counted: "dict[str, pd.Series[int]] | None" = None
    """The columns whose values were counted for one rule, and need not be for the next."""
    sharing: Sharing | None = None
    """What came of the split of a table."""

    @property
    def is_classes(self) -> bool:
        return self.task == "classification"

    @property
    def model_columns(self) -> list[str]:
        """The columns that a model has to do with: its inputs and the target."""
        return [*self.columns.inputs, self.columns.target]

    def counts(self, name: str) -> "pd.Series[int]":
        """Return the rows of each value of a column, the most frequent first; gaps are none."""
        if self.counted is None:
            return self.frame[name].value_counts()
        if name not in self.counted:
            self.counted[name] = self.frame[name].value_counts()
        return self.counted[name]

    def labelled(self) -> "pd.DataFrame":
        """Return the rows that have an answer."""
        answers = self.frame[self.columns.target]
        return self.frame[answers.notna()] if answers.hasnans else self.frame


def hashes(frame: "pd.DataFrame", names: list[str]) -> "np.ndarray[Any, Any]":
    """Return 64 bits for each row, the same for rows with the same values in these columns.

    Among a million unlike rows the odds that any two share them are about 1 in 37 million.
    """
    import pandas as pd

    found: np.ndarray[Any, Any] = pd.util.hash_pandas_object(frame[names], index=False).to_numpy()
    return found


def copies(
    evidence: Evidence, frame: "pd.DataFrame", found: "np.ndarray[Any, Any]"
) -> dict[str, list[str]]:
    """Return the names of rows with the same hash, two by two, where rows have names."""
    if not evidence.named:
        return {}
    first: dict[int, str] = {}
    pairs = []
    for name, known in zip(frame.index, found, strict=True):
        if known in first:
            pairs.append(f"{first[known]} = {name}")
            if len(pairs) == MOST_PAIRS:
                break
        first.setdefault(known, str(name))
    return {"copies": pairs}


def shares(counts: Mapping[str, float]) -> list[tuple[str, float]]:
    """Return names and values, the largest value first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def category_names(evidence: Evidence) -> Iterator[str]:
    """Yield the categories in which there are texts (and not only yes and no)."""
    import pandas as pd

    for name in evidence.columns.categories:
        column = evidence.frame[name]
        if not pd.api.types.is_bool_dtype(column) and not pd.api.types.is_numeric_dtype(column):
            yield name
