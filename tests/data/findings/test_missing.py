"""D006: values are missing."""

import numpy as np
import pytest


def test_the_columns_with_gaps_are_named_the_emptiest_first(find, sound):
    sound["size"] = np.where(np.arange(200) < 10, np.nan, sound["size"])
    sound["weight"] = np.where(np.arange(200) < 50, np.nan, sound["weight"])
    (found,) = find("D006", sound)
    assert found.severity == "note"
    assert found.values["columns"] == [("weight", 0.25), ("size", pytest.approx(0.05))]


def test_gaps_in_test_rows_alone_are_not_seen(find, sound):
    parts = np.repeat(np.array([0, 2], np.uint8), [150, 50])
    sound["size"] = np.where(parts == 2, np.nan, sound["size"])
    assert not find("D006", sound, parts=parts)
