"""D003: classes of a few rows."""

import numpy as np


def test_a_class_of_three_rows_is_warned_of(find, sound):
    sound["answer"] = np.where(np.arange(200) < 3, "perhaps", sound["answer"])
    (found,) = find("D003", sound)
    assert (found.severity, found.values["classes"]) == ("warning", [("perhaps", 3)])


def test_classes_with_enough_rows_are_no_matter(find, sound):
    assert not find("D003", sound)
