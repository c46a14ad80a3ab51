"""Which task a target asks for, where the settings do not say: classes, or a number."""

from typing import TYPE_CHECKING, Any

from apprenti.tasks import CLASSIFICATION, REGRESSION

if TYPE_CHECKING:
    import pandas as pd

FEW_VALUES = 20
"""Whole numbers that take no more values than this are classes, unless `task` says otherwise."""


def find_task(target: "pd.Series[Any]") -> str:
    """Return regression for numbers, unless they are whole and few; words are classes."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(target) or not pd.api.types.is_numeric_dtype(target):
        return CLASSIFICATION
    values = target.dropna().unique()
    whole = all(float(value).is_integer() for value in values[: FEW_VALUES + 1])
    return CLASSIFICATION if whole and len(values) <= FEW_VALUES else REGRESSION
