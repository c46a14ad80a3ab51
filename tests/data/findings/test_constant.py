"""D010: a column of one value."""

import numpy as np
import pytest


@pytest.mark.parametrize("value", [7, "same", np.nan, True])
def test_one_value_everywhere_is_warned_of(find, sound, value):
    (found,) = find("D010", {**sound, "still": np.full(200, value)})
    assert (found.severity, found.subject) == ("warning", "still")


def test_one_value_and_gaps_tell_two_kinds_of_rows_apart(find, sound):
    assert not find("D010", {**sound, "marked": np.where(sound["size"] > 1, 1, np.nan)})
