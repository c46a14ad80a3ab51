"""D007: a column that is missing from most rows."""

import numpy as np


def test_a_column_with_three_gaps_in_four_rows_is_warned_of(find, sound):
    sound["size"] = np.where(np.arange(200) < 150, np.nan, sound["size"])
    (found,) = find("D007", sound)
    assert (found.severity, found.subject, found.values) == ("warning", "size", {"share": 0.75})
    assert not find("D006", sound)


def test_a_few_gaps_are_no_matter_here(find, sound):
    sound["size"] = np.where(np.arange(200) < 50, np.nan, sound["size"])
    assert not find("D007", sound)
