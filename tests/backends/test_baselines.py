"""The simple models are worth comparing with: also with more columns than rows."""

from pathlib import Path

import numpy as np
import pytest

from apprenti.backends.common import tfidf
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn import linear

CASE = Path(__file__).parents[1] / "cases" / "reviews_some_twice_other_stars.csv"


def r2(model, inputs, targets):
    return 1 - np.square(model.predict(inputs) - targets).mean() / targets.var()


def fitted(inputs, targets):
    model = linear.build_model(Config(regression=True), len(targets))
    model.fit(inputs, np.float32(targets))
    return model


def test_more_words_than_rows_are_held_back():
    import pandas as pd

    table = pd.read_csv(CASE)
    texts = table["review"].to_numpy(object)
    stars = table["stars"].to_numpy(float)
    stars = (stars - stars[:98].mean()) / stars[:98].std()
    preparation = tfidf.fit_preparation(texts, np.arange(98), Config())
    inputs = tfidf.prepare(texts, np.arange(len(texts)), preparation, Config())
    assert inputs.shape[1] > 98
    assert -0.2 < r2(fitted(inputs[:98], stars[:98]), inputs[98:], stars[98:]) < 1


@pytest.mark.parametrize("columns", [5, 100, 400])
def test_of_noise_nothing_is_learned(columns):
    random = np.random.default_rng(columns)
    inputs = random.normal(size=(300, columns)).astype(np.float32)
    targets = random.normal(size=300)
    assert r2(fitted(inputs[:200], targets[:200]), inputs[200:], targets[200:]) > -0.1


def test_columns_that_say_the_same_do_no_harm():
    random = np.random.default_rng(0)
    one = random.normal(size=(200, 1)).astype(np.float32)
    inputs = np.hstack([one, one, 1 - one, np.zeros_like(one)])
    targets = 3 * one[:, 0] + 0.01 * random.normal(size=200)
    model = fitted(inputs[:100], targets[:100])
    assert r2(model, inputs[100:], targets[100:]) > 0.999
    assert np.abs(model.coef_).max() < 10


def test_what_is_a_line_is_found_to_be_one():
    random = np.random.default_rng(1)
    inputs = random.normal(size=(100, 3)).astype(np.float32)
    targets = inputs @ np.array([1.0, -2, 0.5])
    assert r2(fitted(inputs, targets), inputs, targets) > 1 - 1e-6


def test_classes_of_more_columns_than_rows_get_finite_probabilities():
    random = np.random.default_rng(2)
    inputs = random.normal(size=(60, 400)).astype(np.float32)
    model = linear.build_model(Config(), 60)
    model.fit(inputs, np.arange(60) % 2)
    probabilities = model.predict_proba(random.normal(size=(1000, 400)).astype(np.float32))
    assert np.isfinite(probabilities).all()
    assert -np.log(np.maximum(probabilities[:, 0], 1e-7)).mean() < 5
