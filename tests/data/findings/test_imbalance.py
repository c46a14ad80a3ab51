"""D004: one class has many times the rows of another."""

import numpy as np
import pytest


@pytest.mark.parametrize(("rare", "severity"), [(20, "note"), (1, "warning")])
def test_a_rare_class_is_told(find, sound, rare, severity):
    sound["answer"] = np.where(np.arange(200) < rare, "yes", "no")
    (found,) = find("D004", sound)
    assert found.severity == severity
    assert found.values["smallest"] == "yes"
    assert found.values["ratio"] == pytest.approx((200 - rare) / rare)


def test_three_rows_against_two_are_no_matter(find, sound):
    sound["answer"] = np.where(np.arange(200) % 5 < 3, "yes", "no")
    assert not find("D004", sound)


def test_rows_of_unknown_are_no_class_of_which_more_would_help(find, sound):
    sound["answer"][:5] = "NR"
    assert not find("D004", sound) and not find("D003", sound)
