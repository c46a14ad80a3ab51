"""Residuals: their mean where predictions are alike, and their picture in both languages."""

import numpy as np
import pytest

from apprenti.evaluate import residuals
from apprenti.evaluate.parts import TEST
from apprenti.evaluate.regression_measures import Estimate
from apprenti.language import LANGUAGES, choose


def estimates(rows):
    random = np.random.default_rng(0)
    predicted = random.uniform(0, 10, rows)
    bend = 0.1 * (predicted - 5) ** 2
    truth = predicted + bend + 0.2 * random.normal(size=rows)
    pairs = zip(truth.tolist(), predicted.tolist(), strict=True)
    return [Estimate(str(n), *pair) for n, pair in enumerate(pairs)]


def test_a_bend_is_seen_in_the_mean_residuals():
    bands = residuals.bands(estimates(500))
    assert len(bands) == residuals.BANDS
    assert bands[0].residual > 1 > bands[5].residual
    assert bands[-1].residual > 1
    assert all(one.low <= one.residual <= one.high for one in bands)
    assert [one.predicted for one in bands] == sorted(one.predicted for one in bands)


@pytest.mark.few(2)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rows", [1, 30, 2000])
def test_they_are_drawn_in_both_languages(tmp_path, rows, language):
    choose(language)
    drawn = residuals.figure(estimates(rows), "price ($ <b>)", TEST)
    assert "test" in drawn.axes[0].get_title(loc="left")
    path = residuals.draw(estimates(rows), "price ($ <b>)", tmp_path / "residuals.png", TEST)
    assert path.stat().st_size > 1000
