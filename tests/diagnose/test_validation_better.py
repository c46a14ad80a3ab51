"""R10: better on validation than on training."""

from known_runs import HEALTHY, answers


def test_more_than_chance_gives_is_told(told):
    better = HEALTHY | {"train_accuracy": 0.8, "valid_accuracy": 0.95}
    found = told("R10", **better, **answers(0.95))
    assert (found.sentence, found.values["train"]) == ("random", 0.8)


def test_what_chance_gives_is_not(told):
    little = HEALTHY | {"train_accuracy": 0.8, "valid_accuracy": 0.82}
    assert not told("R10", **little, **answers(0.82))
