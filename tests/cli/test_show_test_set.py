"""What is said of a measure on the test set: its interval, and whether it reaches a goal."""

import pytest

from apprenti.cli import show_test_set
from apprenti.evaluate.measured import Measured


@pytest.mark.parametrize(
    ("ends", "indicative", "threshold", "lower", "verdict"),
    [
        ((0.8, 0.9), "", 0.8, False, "reached"),
        ((0.8, 0.9), "", 0.95, False, "missed"),
        ((0.8, 0.9), "", 0.83, False, "unsure"),
        ((0.8, 0.9), "few_rows", 0.7, False, "unsure"),
        ((0.8, 0.9), "few_rows", 0.95, False, "missed"),
        ((None, None), "", 0.7, False, "unsure"),
        ((0.8, 0.9), "", 0.95, True, "reached"),
        ((0.8, 0.9), "", 0.7, True, "missed"),
    ],
)
def test_a_goal_is_reached_by_the_whole_interval(ends, indicative, threshold, lower, verdict):
    one = Measured("accuracy", "", 0.85, *ends, "wilson", indicative)
    assert show_test_set._goal_reached(one, threshold, lower) == verdict


def test_an_interval_that_is_only_indicative_is_marked():
    sure = Measured("accuracy", "", 0.85, 0.8, 0.9, "wilson")
    assert show_test_set.interval(sure) == "80.00% to 90.00%"
    assert show_test_set.interval(sure._replace(indicative="few_rows")).startswith("~ ")
    assert show_test_set.interval(sure._replace(low=None)) == ""
