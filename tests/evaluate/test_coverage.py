"""Intervals of measures hold what they promise where they promise it: simulated test sets.

Of 95 % intervals 93 to 97 in 100 hold the truth, in thousands of sets where that is cheap and in
500 where rows are drawn again in each; seeds are fixed.
"""

import numpy as np
import pytest
from scipy import stats

from apprenti.evaluate import measured_numbers
from apprenti.evaluate.bootstrap import Drawn
from apprenti.evaluate.intervals import of_paired_errors, of_paired_shares, of_share
from apprenti.evaluate.measured import told
from apprenti.evaluate.optimism import optimism
from apprenti.evaluate.regression_measures import Estimate
from apprenti.evaluate.roc_area import area

LEAST, MOST = 0.93, 0.97


@pytest.mark.parametrize("share", [0.6, 0.75, 0.9])
@pytest.mark.parametrize("rows", [50, 100, 500])
def test_an_accuracy_lies_in_its_interval(rows, share):
    # Exactly: the chance of each count of hits; on average over shares near the one given, since
    # counts come in steps
    held = []
    for near in np.linspace(share - 0.03, share + 0.03, 61):
        hits = np.arange(rows + 1)
        ends = np.array([of_share(int(one), rows) for one in hits])
        inside = (ends[:, 0] <= near) & (near <= ends[:, 1])
        held.append(stats.binom.pmf(hits, rows, near)[inside].sum())
    assert LEAST <= np.mean(held) <= MOST


AREAS = [(50, 50, 0.8), (50, 50, 0.95), (50, 450, 0.7), (50, 450, 0.95), (450, 50, 0.95)]


@pytest.mark.few(4)
@pytest.mark.parametrize("kind", ["normal", "wide", "exponential"])
@pytest.mark.parametrize(("own", "others", "truth"), AREAS)
def test_an_auc_lies_in_its_interval(own, others, truth, kind):
    random = np.random.default_rng(6)
    is_it, held, times = np.arange(own + others) < own, 0, 1500
    for _ in range(times):
        if kind == "exponential":
            scores = random.exponential(size=own + others)
            scores[:own] *= truth / (1 - truth)
        else:
            width = 1.5 if kind == "wide" else 1.0
            scores = random.normal(size=own + others)
            scores[:own] = width * scores[:own] + np.hypot(width, 1) * stats.norm.ppf(truth)
        low, high = area(is_it, scores).interval()
        held += low <= truth <= high
    assert LEAST <= held / times <= MOST


ERRORS = {
    "normal": (lambda random, rows: random.normal(size=rows), 1.0, np.sqrt(2 / np.pi)),
    "uneven": (
        lambda random, rows: random.normal(size=rows) * random.uniform(0.5, 1.5, size=rows),
        13 / 12,
        np.sqrt(2 / np.pi),
    ),
    "laplace": (lambda random, rows: random.laplace(size=rows), 2.0, 1.0),
}


def numbers(random, kind, rows):
    errors = ERRORS[kind][0](random, rows)
    truth = 3 * random.normal(size=rows)
    return [Estimate("", *one) for one in zip(truth, truth + errors, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("rows", [200, 500])
@pytest.mark.parametrize("kind", ERRORS)
def test_errors_of_numbers_lie_in_their_intervals(kind, rows):
    random = np.random.default_rng(8)
    _, square, absolute = ERRORS[kind]
    truths = {"mae": absolute, "rmse": np.sqrt(square), "r2": 1 - square / 9}
    held, times = dict.fromkeys(truths, 0), 500
    for _ in range(times):
        for one in measured_numbers.measure(numbers(random, kind, rows)):
            if one.name in truths:
                held[one.name] += one.low <= truths[one.name] <= one.high
    # The standard error of 500 sets is 1 %
    assert all(LEAST <= one / times <= MOST + 0.005 for one in held.values()), held


def test_a_root_mean_squared_error_lies_in_its_interval():
    random = np.random.default_rng(9)
    held, times, drawn = 0, 500, Drawn(200)
    for _ in range(times):
        low, high, _ = drawn.of_ratio(np.square(random.normal(size=200)))
        held += low <= 1 <= high
    assert LEAST <= held / times <= MOST


def test_errors_with_heavy_tails_are_said_to_be_indicative():
    random = np.random.default_rng(10)
    told_of = []
    for heavy in (False, True):
        errors = random.standard_t(3, size=2000) if heavy else random.normal(size=2000)
        made = [Estimate("", float(one), 0.0) for one in errors]
        told_of.append({one.name: one.indicative for one in measured_numbers.measure(made)})
    assert (told_of[0]["rmse"], told_of[1]["rmse"]) == ("", "heavy_tail")


def test_the_paired_difference_of_two_accuracies_lies_in_its_interval():
    random = np.random.default_rng(11)
    for rows, shares in ((200, (0.15, 0.1)), (500, (0.1, 0.1)), (500, (0.08, 0.04))):
        counts = random.multinomial(rows, [*shares, 1 - sum(shares)], size=4000)
        held = 0
        for wins, losses, _ in counts.tolist():
            low, high = of_paired_shares(wins, losses, rows)
            held += low <= shares[0] - shares[1] <= high
        assert LEAST <= held / 4000 <= MOST


def test_the_paired_ratio_of_two_errors_lies_in_its_interval():
    random = np.random.default_rng(12)
    held, times = 0, 4000
    for _ in range(times):
        shared, own = random.normal(size=(2, 200))
        ours = 0.5 * np.square(0.6 * shared + 0.8 * own)
        low, high = of_paired_errors(ours, np.square(shared))
        held += low <= 0.5 <= high
    assert LEAST <= held / times <= MOST


def test_the_optimism_of_an_accuracy_lies_in_its_interval():
    random = np.random.default_rng(13)
    held, times, (first, second) = 0, 4000, (0.85, 0.8)
    for _ in range(times):
        hits = random.binomial(150, first), random.binomial(300, second)
        pair = [
            [told("recall", "", one / rows, of_share(one, rows), "wilson")]
            for one, rows in zip(map(int, hits), (150, 300), strict=True)
        ]
        found = optimism(*pair)[0]
        held += found.low <= first - second <= found.high
    assert LEAST <= held / times <= MOST
