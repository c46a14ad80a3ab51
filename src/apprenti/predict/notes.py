"""What is found out of new rows before they are predicted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pandas as pd


class Note(NamedTuple):
    """Something in the new rows that the model cannot know; told, never passed over."""

    key: str
    values: dict[str, Any]


class Seen(NamedTuple):
    """How new rows are read where that differs from the training, and what is worth knowing."""

    settings: dict[str, Any]
    notes: Sequence[Note] = ()
    frame: "pd.DataFrame | None" = None
    """The rows themselves, where they are in a kind of file that the script of the run reads not:
    it is given them in another one."""
