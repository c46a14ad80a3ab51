"""What is said of a measure on the test set: its interval."""

from apprenti.cli import show_test_set
from apprenti.evaluate.measured import Measured


def test_an_interval_that_is_only_indicative_is_marked():
    sure = Measured("accuracy", "", 0.85, 0.8, 0.9, "wilson")
    assert show_test_set.interval(sure) == "80.00% to 90.00%"
    assert show_test_set.interval(sure._replace(indicative="few_rows")).startswith("~ ")
    assert show_test_set.interval(sure._replace(low=None)) == ""
