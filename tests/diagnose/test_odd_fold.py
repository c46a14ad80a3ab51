"""R16: one fold that is much worse than the others."""

import csv
import json

import numpy as np
import pytest
from known_runs import HEALTHY, answers

from apprenti import diagnose


@pytest.fixture
def crossed(left):
    """crossed([0.9, 0.9, 0.5]): a run whose folds answer so large a share of 100 rows rightly."""

    def make(shares, how="random", rows=100, seed=0):
        run = left(**HEALTHY, **answers(0.9, rows=200))
        facts = {
            "status": "finished",
            "train_rows": 400,
            "valid_rows": rows,
            "epoch": 1,
            "seconds": 1.0,
        }
        folds = [{"fold": number, **facts} for number in range(len(shares))]
        (run.folder / "folds.json").write_text(json.dumps({"how": how, "folds": folds}))
        random, predicted = np.random.default_rng(seed), []
        with open(run.folder / "folds.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["fold", "epoch", "train_loss", "valid_loss", "valid_accuracy"])
            for fold, share in enumerate(shares):
                right = random.random(rows) < share
                predicted += [
                    (row, fold, "a", "a" if one else "b") for row, one in enumerate(right)
                ]
                writer.writerow([fold, 1, 0.1, 0.2, right.mean()])
        with open(run.folder / "out_of_fold.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["row", "fold", "truth", "predicted"])
            writer.writerows(predicted)
        return run

    return make


def test_a_fold_far_below_the_others_is_found(crossed, told):
    found = told("R16", crossed([0.95, 0.95, 0.6, 0.95, 0.95]))
    assert (found.values["fold"], found.values["rest"], found.severity) == (2, 4, "warning")
    assert found.values["score"] < 0.75 < 0.9 < found.values["others"]
    assert "--set split.fold=2" in found.commands[0]


def test_folds_that_differ_by_chance_are_not(crossed, told):
    alarms = [told("R16", crossed([0.85] * 5, rows=40, seed=seed)) for seed in range(40)]
    assert sum(map(bool, alarms)) <= 1


def test_by_group_the_other_folds_say_how_far_a_fold_may_be(crossed, told):
    assert told("R16", crossed([0.95, 0.9, 0.94, 0.91, 0.93, 0.3], "groups")).sentence == "group"
    # Row by row it would be no chance: groups differ
    assert told("R16", crossed([0.95, 0.7, 0.9, 0.8, 0.98, 0.6], "groups")) is None


@pytest.mark.parametrize(
    ("shares", "how", "why"),
    [([0.9] * 5, "time", "folds_in_time"), ([0.9, 0.5], "random", "few_folds")],
)
def test_other_folds_are_not_held_against_each_other(crossed, shares, how, why):
    answers = diagnose.diagnose(crossed(shares, how)).answers
    (one,) = [answer for answer in answers if answer.code == "R16"]
    assert (one.outcome, one.sentence) == ("not_applicable", why)


def test_it_is_asked_of_cross_validated_runs_alone(left):
    answers_ = diagnose.diagnose(left(**HEALTHY, **answers(0.9, rows=200))).answers
    (one,) = [answer for answer in answers_ if answer.code == "R16"]
    assert (one.outcome, one.sentence) == ("not_applicable", "no_folds")
