"""The area under ROC: that of scikit-learn, with the variance that DeLong's formula gives."""

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from apprenti.evaluate.roc_area import area, mean_area


def by_hand(is_it, sure):
    """DeLong's variance from all pairs."""
    own, others = sure[is_it][:, None], sure[~is_it][None]
    pairs = (own > others) + 0.5 * (own == others)
    rows, columns = pairs.mean(axis=1), pairs.mean(axis=0)
    return rows.var(ddof=1) / len(rows) + columns.var(ddof=1) / len(columns)


def test_the_area_and_its_variance_are_those_of_all_pairs():
    random = np.random.default_rng(0)
    for digits in (1, 6):
        for _ in range(10):
            is_it = random.random(80) < 0.3
            sure = np.round(random.random(80) + 0.4 * is_it, digits)
            found = area(is_it, sure)
            assert found.value == pytest.approx(roc_auc_score(is_it, sure), abs=1e-12)
            assert (found.pull**2).sum() == pytest.approx(by_hand(is_it, sure), rel=1e-9)
            low, high = found.interval()
            assert 0 < low < found.value < high < 1
            assert found.fewest == min(is_it.sum(), 80 - is_it.sum())


def test_an_area_of_one_or_nought_has_an_interval_with_a_width():
    is_it = np.arange(40) < 10
    low, high = area(is_it, 1.0 * is_it).interval()
    assert 0.6 < low < 0.9
    assert high == 1
    assert area(is_it, 1.0 * ~is_it).interval() == pytest.approx((0, 1 - low))


def test_one_row_alone_of_a_class_is_no_error():
    low, high = area(np.arange(20) == 0, np.linspace(1, 0, 20)).interval()
    assert 0 <= low < high <= 1


def test_of_rows_of_one_kind_there_is_none():
    assert area(np.ones(5, bool), np.arange(5.0)) is None
    assert area(np.zeros(5, bool), np.arange(5.0)) is None


def test_the_mean_of_two_classes_that_say_the_same_is_each_of_them():
    random = np.random.default_rng(1)
    is_it, sure = random.random(60) < 0.5, random.random(60)
    one, other = area(is_it, sure), area(~is_it, 1 - sure)
    mean = mean_area([one, other])
    assert mean.value == pytest.approx(one.value)
    assert mean.interval() == pytest.approx(one.interval())
