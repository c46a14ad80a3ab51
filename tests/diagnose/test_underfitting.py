"""R03: underfitting."""

from known_runs import HEALTHY, answers


def test_what_a_simple_model_learns_and_this_one_does_not_is_underfitting(left, told):
    simple = {"train_loss": 0.3, "train_accuracy": 0.95, "valid_loss": 0.3, "valid_accuracy": 0.9}
    left(**simple, **answers(0.9), model="linear", framework="sklearn")
    run = left(**HEALTHY | {"train_accuracy": 0.85}, **answers(0.85))
    found = told("R03", run)
    assert (found.sentence, found.values["other"]) == ("baseline", 0.95)


def test_a_loss_that_knowing_nothing_would_have_is_nothing_learned(told):
    flat = {"train_loss": [0.70, 0.69], "valid_loss": 0.7, "train_accuracy": 0.5}
    found = told("R03", **flat, valid_accuracy=0.5, **answers(0.5))
    assert found.sentence == "nothing" and 0.95 < found.values["share"] < 1.05


def test_numbers_whose_variance_is_all_left_are_not_learned(told):
    truth = [float(n % 7) for n in range(200)]
    flat = {"train_loss": 0.99, "valid_loss": 1.0, "train_r2": 0.01, "valid_r2": 0.0}
    found = told("R03", **flat, truth=truth, predicted=[3.0] * 200)
    assert found.sentence == "nothing"


def test_a_model_that_learned_is_not_underfitting(told):
    assert not told("R03", **HEALTHY, **answers(0.9))


def test_a_loss_of_which_nobody_knows_the_unit_is_not_judged(told):
    assert not told("R03", train_loss=[1.5, 1.2], valid_loss=1.3)
