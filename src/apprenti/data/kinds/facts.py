"""What is known of data once they are checked: a source, and the table where it is one."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.passed_over import PassedOver
from apprenti.data.kinds.remarks import Remark

if TYPE_CHECKING:
    import pandas as pd


class Table(NamedTuple):
    """A table in memory, and what is known of it."""

    frame: "pd.DataFrame"
    """As the script reads it, columns of `mixed` turned into numbers and dates into dates; rows
    without an answer are still there."""
    kind: str
    """Which block reads it: csv_table, parquet_table or built_in_table."""
    columns: Columns
    task: str
    """classification or regression."""
    settings: dict[str, object]
    """What the script must know to read it."""
    rows: int
    """Those of the file that have an answer."""
    classes: int
    """How many different answers there are; 0 for a regression."""
    share: float = 1.0
    """The share of the file's rows that are in `frame`; below 1 it is a sample."""
    streamed: bool = False
    """Whether networks read it in pieces."""
    new_rows: Mapping[str, object] = {}
    """What the script must know to read new rows, in whatever file they come."""
    remarks: tuple[Remark, ...] = ()
    """What was skipped or mended when its file was read."""


class Source(NamedTuple):
    """Checked data: what a script needs to know to load it, and what the user is told of it."""

    kind: str
    """Which blocks read it: digits, idx, arrays, image_folder, csv_table, parquet_table or
    built_in_table."""
    name: str
    """What the script looks for, a file or folder name; empty when nothing is to be found."""
    folder: Path | None
    """The folder that holds it."""
    rows: int
    shape: tuple[int, ...]
    """The shape of one row: (28, 28) for an image, (13,) for thirteen columns."""
    classes: int
    """How many classes there are to tell apart; 0 for a regression."""
    has_test_part: bool
    settings: dict[str, Any]
    """What the script must know to read it: names of files, arrays, columns."""
    hashes: dict[str, str]
    """sha256 of each file that was read."""
    task: str = "classification"
    split: str = "random"
    streamed: bool = False
    """Whether networks read it from the disk batch by batch, for it is too large for the memory."""
    table: Table | None = None
    """The table itself, where the source is one."""
    new_rows: Mapping[str, Any] = {}
    """The settings with which new rows are read, where these differ from `settings`."""
    contents: tuple[str, ...] = ()
    """sha256 of the file of each row, where rows are files of images; those of a test part that
    comes with the data follow."""
    valid_part: int = 0
    """How many of the rows come as the validation set, in a folder of their own."""
    passed_over: PassedOver | None = None
    """What lies beside, where rows are files of images, and is not read."""

    @property
    def path(self) -> Path:
        """The file or the folder; the current one where nothing is to be found."""
        return (self.folder or Path()) / self.name
