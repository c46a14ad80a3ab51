"""Measures are those of scikit-learn to nine digits; what has no meaning is not said."""

import json
import math

import numpy as np
import pytest
from sklearn import metrics

from apprenti.errors import ApprentiError
from apprenti.evaluate.measured import measure
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.positive_class import positive_class


def classes_left(left, truth, sure, names, **choices):
    """A run that left these probabilities, rounded as the scripts round them."""
    rows = []
    for place, (true, line) in enumerate(zip(truth, sure, strict=True)):
        chances = {f"probability_{n}": f"{v:.6f}" for n, v in zip(names, line, strict=True)}
        said = {"predicted": names[int(np.argmax(line))], "confidence": f"{max(line):.6f}"}
        rows.append({"row": place, "truth": true, **said, **chances})
    return left(rows, **choices)


def found(run, **how):
    return {(one.name, one.of): one for one in measure(run, **how)}


def random_case(random, classes, ties):
    rows = int(random.integers(60, 200))
    names = [f"class {n}" for n in range(classes)]
    scores = random.gamma(0.7, size=(rows, classes)) + 1e-3
    truth = random.integers(0, classes, rows)
    scores[np.arange(rows), truth] += random.gamma(0.7, size=rows)
    sure = scores / scores.sum(axis=1, keepdims=True)
    sure = np.round(sure, 1 if ties else 6)
    if not ties:
        # Rounded, they still sum to 1: scikit-learn has no Brier score for others
        sure[np.arange(rows), sure.argmax(axis=1)] += 1 - sure.sum(axis=1)
        sure = np.round(sure, 6)
    return [names[n] for n in truth], sure, names


@pytest.mark.parametrize("ties", [False, True])
@pytest.mark.parametrize("classes", [2, 3, 7])
@pytest.mark.filterwarnings("ignore:The y_prob values do not sum:UserWarning")
def test_measures_of_classes_are_those_of_scikit_learn(left, classes, ties):
    random = np.random.default_rng(classes)
    for _ in range(4):
        truth, sure, names = random_case(random, classes, ties)
        told = found(classes_left(left, truth, sure, names))
        predicted = [names[n] for n in sure.argmax(axis=1)]
        every = np.array([[t == n for n in names] for t in truth])
        two = classes == 2
        of = positive_class_by_hand(truth, names) if two else "macro"
        wanted = names.index(of) if two else slice(None)
        by_class = metrics.precision_recall_fscore_support(
            truth, predicted, labels=names, zero_division=0
        )
        clipped = np.maximum(sure, 1e-7)
        expected = {
            ("accuracy", ""): metrics.accuracy_score(truth, predicted),
            ("balanced_accuracy", ""): metrics.balanced_accuracy_score(truth, predicted),
            ("auc", of): metrics.roc_auc_score(every[:, wanted], sure[:, wanted]),
            ("average_precision", of): metrics.average_precision_score(
                every[:, wanted], sure[:, wanted]
            ),
            ("log_loss", ""): metrics.log_loss(truth, clipped, labels=names),
        }
        if not ties:
            expected["brier", ""] = metrics.brier_score_loss(truth, sure, labels=names)
        for place, name in enumerate(("precision", "recall", "f1")):
            for average in ("macro", "weighted"):
                score = getattr(metrics, f"{name}_score")
                expected[name, average] = score(truth, predicted, average=average, zero_division=0)
            expected |= {(name, n): v for n, v in zip(names, by_class[place], strict=True)}
        for key, value in expected.items():
            assert told[key].value == pytest.approx(value, abs=1e-9), key
            assert told[key].low <= told[key].value <= told[key].high


def positive_class_by_hand(truth, names):
    return names[1] if truth.count(names[1]) <= truth.count(names[0]) else names[0]


def test_measures_of_numbers_are_those_of_scikit_learn(left):
    random = np.random.default_rng(5)
    for scale in (1e-6, 1.0, 1e9):
        truth = scale * (3 + random.normal(size=120))
        predicted = truth + 0.3 * scale * random.standard_t(4, size=120)
        pairs = list(zip(truth, predicted, strict=True))
        told = found(
            left([{"row": n, "truth": t, "predicted": p} for n, (t, p) in enumerate(pairs)])
        )
        expected = {
            "mae": metrics.mean_absolute_error(truth, predicted),
            "rmse": metrics.root_mean_squared_error(truth, predicted),
            "r2": metrics.r2_score(truth, predicted),
            "median_error": metrics.median_absolute_error(truth, predicted),
        }
        for name, value in expected.items():
            one = told[name, ""]
            assert one.value == pytest.approx(value, rel=1e-9)
            assert one.low < one.value < one.high


# What cannot be said


def two(left, truth, of_dog, **choices):
    """A run that told dogs from cats, with these probabilities of a dog."""
    sure = [(1 - one, one) for one in of_dog]
    return classes_left(left, truth, sure, ("cat", "dog"), **choices)


def test_of_one_class_alone_ranks_and_means_of_classes_cannot_be_said(left):
    told = found(two(left, ["cat"] * 60, [0.1, 0.6, 0.2] * 20))
    unsaid = {key[0] for key, one in told.items() if one.unsaid == "one_class"}
    averages = {"balanced_accuracy", "precision", "recall", "f1"}
    assert unsaid == {"auc", "average_precision", *averages}
    assert told["accuracy", ""].value == pytest.approx(2 / 3)
    assert told["recall", "dog"].unsaid == "no_rows_of_class"


def test_a_class_that_is_never_predicted_has_no_precision(left):
    told = found(two(left, ["cat", "dog"] * 40, [0.1, 0.3] * 40))
    assert told["precision", "dog"].unsaid == "never_predicted"
    assert (told["recall", "dog"].value, told["f1", "dog"].value) == (0, 0)
    assert "never predicted" in told["precision", "dog"].reason


def test_a_class_that_training_did_not_have_is_wrong_and_has_no_log_loss(left):
    truth = ["cat", "dog", "eel", "eel"] * 20
    told = found(two(left, truth, [0.1, 0.8, 0.4, 0.6] * 20))
    assert told["accuracy", ""].value == 0.5
    assert told["log_loss", ""].unsaid == "unseen_class"
    assert told["recall", "eel"].value == 0
    assert told["recall", "eel"].high < 0.1
    assert told["brier", ""].value > 0.3


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_of_a_few_rows_an_interval_is_wide_indicative_or_not_there(left, rows):
    truth = ["cat", "dog", "dog"][:rows]
    for one in measure(two(left, truth, [0.2, 0.7, 0.4][:rows])):
        assert one.unsaid or one.indicative
        assert one.reason
    numbers = [{"row": n, "truth": n * n, "predicted": n + 0.5} for n in range(rows)]
    for one in measure(left(numbers)):
        assert one.unsaid or one.indicative == "few_rows"


def test_r2_of_a_constant_target_cannot_be_said(left):
    told = found(left([{"row": n, "truth": 7, "predicted": 7 + n / 9} for n in range(60)]))
    assert told["r2", ""].unsaid == "constant_target"
    assert told["rmse", ""].value > 0


def test_perfect_predictions_have_wilsons_interval_and_no_other(left):
    told = found(two(left, ["cat", "dog"] * 60, [0.1, 0.9] * 60))
    assert told["accuracy", ""].high == 1
    assert 0.95 < told["accuracy", ""].low < 1
    assert (told["f1", "dog"].low, told["f1", "dog"].indicative) == (None, "no_spread")
    assert told["auc", "dog"].low < told["auc", "dog"].high == 1
    exact = found(left([{"row": n, "truth": n, "predicted": n} for n in range(300)]))
    assert (exact["r2", ""].value, exact["rmse", ""].value) == (1, 0)
    assert exact["rmse", ""].indicative == "no_spread"


def test_a_run_that_left_no_probabilities_or_none_that_are_numbers_says_so(left, sure):
    rows = [sure(name, name, a=0.5, b=0.3, c=0.2) for name in "abc" * 20]
    short = left([{name: row[name] for name in list(row)[:4]} for row in rows])
    assert found(short)["auc", "macro"].unsaid == "no_probabilities"
    broken = left([{**rows[0], "probability_a": "nan"}, *rows[1:]])
    assert found(broken)["log_loss", ""].unsaid == "diverged"
    assert found(broken)["accuracy", ""].value == 1


def test_a_probability_that_was_rounded_to_nought_makes_the_log_loss_indicative(left):
    told = found(two(left, ["cat", "dog"] * 60, [0.1, 0.9] * 59 + [1.0, 0.9]))
    assert told["log_loss", ""].indicative == "rounded"
    assert told["log_loss", ""].value == pytest.approx(
        (-119 * math.log(0.9) - math.log(1e-7)) / 120
    )


def test_a_class_with_one_row_leaves_the_others_their_interval(left):
    random = np.random.default_rng(3)
    truth = ["a", "b"] * 60 + ["c"]
    sure = random.dirichlet((1, 1, 1), size=121)
    one = found(classes_left(left, truth, sure, ("a", "b", "c")))["average_precision", "macro"]
    assert one.low < one.value < one.high
    assert one.indicative == "few_of_class"


def test_nothing_that_is_said_is_not_a_number_and_json_has_all_of_it(left):
    random = np.random.default_rng(0)
    huge = [1e300 * one for one in random.normal(size=30)]
    runs = [
        left([{"row": n, "truth": t, "predicted": 2 * t} for n, t in enumerate(huge)]),
        left([{"row": n, "truth": 1e-300 * n, "predicted": 0} for n in range(30)]),
        left([{"row": n, "truth": 0, "predicted": 0} for n in range(30)]),
        two(left, ["cat"], [0.5]),
        two(left, ["eel", "cat"], [0.0, 1.0]),
    ]
    for run in runs:
        told = [one.as_json() for one in measure(run)]
        assert told
        json.dumps(told, allow_nan=False)


def test_the_interval_is_the_same_each_time(left):
    run = two(left, ["cat", "dog", "dog"] * 40, np.random.default_rng(1).random(120))
    assert measure(run) == measure(run)


# The test set, and which class is looked for


def test_the_test_rows_are_measured_as_those_of_validation(left):
    run = two(left, ["cat", "dog"] * 60, np.random.default_rng(1).random(120))
    assert measure(run, TEST) == []
    (run.folder / "predictions.csv").rename(run.folder / "test_predictions.csv")
    names = {(one.name, one.of) for one in measure(run, TEST)}
    assert {("accuracy", ""), ("auc", "dog"), ("f1", "macro"), ("recall", "cat")} <= names


def test_the_positive_class_is_the_rarer_one_of_validation_unless_another_is_stated(left):
    run = two(left, ["cat", "dog", "dog"] * 20, [0.5] * 60)
    assert positive_class(run) == "cat"
    assert positive_class(run, "dog") == "dog"
    assert positive_class(two(left, ["cat", "dog"] * 20, [0.5] * 40)) == "dog"
    with pytest.raises(ApprentiError) as raised:
        positive_class(run, "cow")
    assert raised.value.key == "positive_unknown"


def test_of_two_classes_the_loss_is_the_same_whichever_is_positive(left):
    run = two(left, ["cat", "dog", "dog"] * 20, np.random.default_rng(1).random(60))
    one, other = found(run, positive="cat"), found(run, positive="dog")
    assert one["log_loss", ""] == other["log_loss", ""]
    assert one["auc", "cat"].value == pytest.approx(other["auc", "dog"].value)
