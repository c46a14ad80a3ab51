"""R09: a validation set that is too small."""

import pytest
from known_runs import HEALTHY, answers


@pytest.mark.parametrize(("rows", "severity"), [(30, "warning"), (200, "note"), (2000, None)])
def test_the_interval_of_the_score_says_whether_rows_are_enough(told, rows, severity):
    found = told("R09", **HEALTHY, **answers(0.8, rows=rows))
    assert (found and found.severity) == severity


def test_numbers_have_an_interval_too(told):
    truth = [float(n % 9) for n in range(40)]
    said = [value + (n % 3 - 1) * 1.5 for n, value in enumerate(truth)]
    curves = {"train_loss": 0.2, "valid_loss": 0.2, "train_r2": 0.8, "valid_r2": 0.77}
    assert told("R09", **curves, truth=truth, predicted=said).values["measure"] == "r2"
