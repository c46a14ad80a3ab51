"""The power law through an error at several numbers of rows, and what it says of more of them."""

import numpy as np
import pytest

from apprenti.diagnose import continuation

ROWS = np.array([100.0, 200, 400, 700, 1000])
AHEAD = (2000, 10000)


def errors(a, b, c, noise=0.0, repeats=5, seed=0):
    law = a + b * (ROWS / 1000) ** -c
    return law + np.random.default_rng(seed).normal(0, noise, (repeats, len(ROWS)))


@pytest.mark.parametrize(("a", "b", "c"), [(0.05, 0.1, 0.5), (0.0, 0.2, 0.3), (0.1, 0.02, 1.2)])
def test_a_law_that_is_there_is_found(a, b, c):
    found = continuation.fit(ROWS, errors(a, b, c).mean(axis=0))
    assert found.at(np.array(AHEAD)) == pytest.approx(a + b * np.array([2.0, 10]) ** -c, abs=2e-3)


@pytest.mark.slow
def test_the_interval_of_the_gain_holds_the_true_gain():
    held = 0
    for seed in range(20):
        found = continuation.go_on(ROWS, errors(0.05, 0.08, 0.6, 0.01, seed=seed), AHEAD)
        gain = 0.08 * (1 - 2**-0.6)
        held += found.ahead[0].gain_low <= gain <= found.ahead[0].gain_high
    assert held >= 16


def test_what_is_ten_times_as_far_is_less_certain():
    found = continuation.go_on(ROWS, errors(0.05, 0.08, 0.6, 0.01), AHEAD)
    near, far = (one.high - one.low for one in found.ahead)
    assert far > near
    assert all(one.low <= one.error <= one.high for one in found.ahead)


@pytest.mark.parametrize("level", [0.0, 0.3, 1.0])
def test_a_constant_error_stays_as_it_is(level):
    found = continuation.go_on(ROWS, np.full((5, 5), level), AHEAD)
    assert [one.error for one in found.ahead] == [level, level]
    assert [one.gain_high for one in found.ahead] == [0, 0]


def test_an_error_that_grows_promises_nothing():
    growing = np.tile(np.linspace(0.1, 0.2, 5), (5, 1))
    (twice, _) = continuation.go_on(ROWS, growing, AHEAD).ahead
    assert twice.gain < 0.001


@pytest.mark.parametrize(
    "found",
    [
        np.full((5, 3), 0.1),
        np.full((1, 5), 0.1),
        np.full((0, 5), 0.1),
        np.where(np.arange(25).reshape(5, 5) == 3, np.nan, 0.1),
    ],
)
def test_too_few_sizes_or_repetitions_have_no_law(found):
    assert continuation.go_on(ROWS[: found.shape[1]], found, AHEAD) is None
