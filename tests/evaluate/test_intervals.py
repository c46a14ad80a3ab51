"""Intervals hold what they promise: the truth lies in 95 of 100, simulated with fixed seeds."""

import numpy as np
import pytest

from apprenti.evaluate.intervals import (
    of_errors,
    of_mean,
    of_paired_errors,
    of_paired_shares,
    of_share,
)

PROMISED = 0.95


@pytest.fixture
def times(request):
    """How often something is simulated: the standard error of a coverage is 0.7 % or 0.2 %."""
    return 10_000 if request.config.getoption("full") else 1000


def least(times):
    """Return the coverage below which chance does not lead, one time in a thousand."""
    return PROMISED - 3.1 * np.sqrt(PROMISED * (1 - PROMISED) / times)


@pytest.mark.parametrize("rows", [20, 50, 200])
@pytest.mark.parametrize("share", [0.5, 0.8, 0.95])
def test_an_accuracy_lies_in_its_interval(rows, share, times):
    random = np.random.default_rng(2)
    hits, how_often = np.unique(random.binomial(rows, share, times), return_counts=True)
    ends = [of_share(int(one), rows) for one in hits]
    held = sum(n * (low <= share <= high) for (low, high), n in zip(ends, how_often, strict=True))
    # Shares come in steps: on average over them Wilson's interval holds 95 of 100
    assert held / times >= least(times) - 0.03


@pytest.mark.parametrize("rows", [15, 50, 200])
def test_a_mean_error_lies_in_its_interval(rows, times):
    random = np.random.default_rng(3)
    errors = abs(random.normal(size=(times, rows)))
    ends = [of_mean(one) for one in errors]
    held = sum(low <= np.sqrt(2 / np.pi) <= high for low, high in ends)
    # Absolute errors are a little skewed
    assert held / times >= least(times) - 0.015


SHARES = [(0.1, 0.1), (0.02, 0.02), (0.3, 0.1), (0.05, 0.01), (0.0, 0.0)]
"""Of the rows, those that only one answers rightly, and those that only the other does."""


@pytest.mark.parametrize("rows", [20, 50, 200])
@pytest.mark.parametrize("shares", SHARES)
def test_the_difference_of_two_accuracies_lies_in_its_interval(rows, shares, times):
    random = np.random.default_rng(0)
    truth = shares[0] - shares[1]
    counts = random.multinomial(rows, [*shares, 1 - sum(shares)], size=times)
    kinds, how_often = np.unique(counts, axis=0, return_counts=True)
    held = 0
    for (wins, losses, _), number in zip(kinds.tolist(), how_often, strict=True):
        low, high = of_paired_shares(wins, losses, rows)
        held += number * (low <= truth <= high)
    assert held / times >= least(times) - 0.01


def errors_of(kind, shape, random):
    if kind == "normal":
        return random.normal(size=shape)
    if kind == "heavy":
        return random.standard_t(5, size=shape)
    return np.exp(random.normal(size=shape)) - np.exp(0.5)


@pytest.mark.parametrize("rows", [15, 50, 200])
@pytest.mark.parametrize("kind", ["normal", "heavy", "skewed"])
@pytest.mark.parametrize("ratio", [1.0, 0.5, 0.1])
def test_the_ratio_of_two_errors_lies_in_its_interval(rows, kind, ratio, times):
    random = np.random.default_rng(1)
    held = 0
    for _ in range(times):
        shared, own = errors_of(kind, (2, rows), random)
        theirs = np.square(shared)
        ours = ratio * np.square(0.6 * shared + 0.8 * own)
        low, high = of_paired_errors(ours, theirs)
        held += low <= ratio <= high
    # Mixed, skewed errors are a little smaller than each
    assert held / times >= least(times) - 0.01


def test_where_both_answer_alike_the_interval_has_the_width_of_the_score_test():
    square = 1.959964**2
    bound = square / (26 + square)
    assert of_paired_shares(0, 0, 26) == pytest.approx((-bound, bound), abs=1e-6)


def test_no_interval_of_shares_is_empty_or_leaves_its_range():
    for rows in (3, 10, 26):
        for wins in range(rows + 1):
            for losses in range(rows + 1 - wins):
                low, high = of_paired_shares(wins, losses, rows)
                assert -1 <= low < high <= 1
                assert low - 1e-9 <= (wins - losses) / rows <= high + 1e-9


def test_a_ratio_of_errors_is_never_negative_and_may_have_no_bound():
    random = np.random.default_rng(2)
    for _ in range(200):
        ours, theirs = np.exp(4 * random.normal(size=(2, 5)))
        low, high = of_paired_errors(ours, theirs)
        assert 0 <= low <= high
    assert of_paired_errors(np.ones(5), np.array([0, 0, 0, 0, 9.0]))[1] == np.inf


def test_errors_however_large_have_an_interval():
    random = np.random.default_rng(3)
    ours, theirs = np.square(random.normal(size=(2, 100)))
    expected = of_paired_errors(ours, theirs)
    assert of_paired_errors(1e300 * ours, 1e300 * theirs) == pytest.approx(expected)


@pytest.mark.parametrize("rows", [20, 50, 200])
@pytest.mark.parametrize("truth", [0.5, 0.8, 0.95, 0.99])
def test_an_accuracy_near_one_lies_in_its_interval(rows, truth, times):
    counts = np.random.default_rng(4).binomial(rows, truth, size=times)
    held = 0
    for right, number in zip(*np.unique(counts, return_counts=True), strict=True):
        low, high = of_share(int(right), rows)
        assert 0 <= low <= right / rows <= high <= 1
        held += number * (low <= truth <= high)
    # Of so few wrong answers the shares are far apart, and Wilson's interval a little too short
    assert held / times >= least(times) - (0.01 if rows * (1 - truth) > 2 else 0.05)


def test_where_all_answers_are_right_the_interval_keeps_a_width():
    low, high = of_share(50, 50)
    assert (low < 0.95, high) == (True, 1.0)


def test_r2_lies_in_its_interval(times):
    random = np.random.default_rng(5)
    held = 0
    for _ in range(times):
        signal, noise = random.normal(size=(2, 200))
        truth = signal + 0.5 * noise
        low, high = of_errors(np.square(0.5 * noise), np.square(truth - truth.mean()))
        held += low <= 1 - 0.25 / 1.25 <= high
    assert held / times >= least(times) - 0.02


def test_one_row_sets_no_bound():
    assert of_errors(np.array([1.0]), np.array([2.0])) == (-np.inf, 1.0)
