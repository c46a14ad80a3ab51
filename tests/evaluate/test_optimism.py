"""How much better validation was than the test set: Newcombe's interval, and which way is good."""

import pytest

from apprenti.evaluate.intervals import of_share
from apprenti.evaluate.measured import told, unsaid
from apprenti.evaluate.optimism import optimism
from apprenti.language import LANGUAGES, choose


def share(hits, rows, name="recall"):
    return told(name, "", hits / rows, of_share(hits, rows), "wilson")


def test_the_interval_of_two_shares_is_newcombes():
    # Newcombe (1998), method 10: 56 of 70 less 48 of 80
    found = optimism([share(56, 70)], [share(48, 80)])[0]
    assert found.better == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert found.outcome == "better"


def test_of_errors_the_lower_one_is_better():
    low = told("rmse", "", 1.0, (0.9, 1.1), "bootstrap_t")
    high = told("rmse", "", 2.0, (1.8, 2.2), "bootstrap_t")
    found = optimism([low], [high])[0]
    assert (found.better, found.outcome) == (1.0, "better")
    assert found.low < 1.0 < found.high
    assert optimism([high], [low])[0].outcome == "worse"
    assert optimism([low], [low])[0].outcome == "chance"


def test_what_cannot_be_said_of_one_of_both_is_left_out_or_unknown():
    assert optimism([unsaid("auc", "", "one_class")], [share(1, 2, "auc")]) == []
    assert optimism([], [share(1, 2)]) == []
    bare = told("f1", "", 1.0, (float("nan"), float("nan")), "bca")
    found = optimism([bare], [bare])[0]
    assert (found.outcome, found.low, found.indicative) == ("unknown", None, "no_spread")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_in_both_languages(language):
    choose(language)
    for hits in (50, 60, 70):
        found = optimism([share(60, 70)], [share(hits, 70)])[0]
        assert "85" in found.sentence
        assert found.as_json()["outcome"] == found.outcome
