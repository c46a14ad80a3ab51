"""Measures are those of scikit-learn to nine digits; what has no meaning is not said."""

import numpy as np
import pytest
from sklearn import metrics

from apprenti.evaluate.measured import measure


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
            expected["brier", ""] = metrics.brier_score_loss(
                truth, sure / sure.sum(axis=1, keepdims=True), labels=names
            )
        for place, name in enumerate(("precision", "recall", "f1")):
            for average in ("macro", "weighted"):
                score = getattr(metrics, f"{name}_score")
                expected[name, average] = score(truth, predicted, average=average, zero_division=0)
            expected |= {(name, n): v for n, v in zip(names, by_class[place], strict=True)}
        for key, value in expected.items():
            near = 1e-5 if key[0] == "brier" and not ties else 1e-9
            assert told[key].value == pytest.approx(value, abs=near), key
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
