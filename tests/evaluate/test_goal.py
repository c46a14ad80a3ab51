"""A goal is reached by the whole interval of its measure, and by no more than that."""

import pytest

from apprenti.evaluate import goal
from apprenti.evaluate.measured import Measured
from apprenti.language import LANGUAGES, choose
from apprenti.project import Goal


@pytest.mark.parametrize(
    ("ends", "indicative", "threshold", "lower", "verdict"),
    [
        ((0.8, 0.9), "", 0.8, False, "reached"),
        ((0.8, 0.9), "", 0.95, False, "missed"),
        ((0.8, 0.9), "", 0.83, False, "unsure"),
        ((0.8, 0.9), "few_rows", 0.7, False, "unsure"),
        ((0.8, 0.9), "few_rows", 0.95, False, "missed"),
        ((None, None), "", 0.7, False, "unsure"),
        ((0.8, 0.9), "", 0.95, True, "reached"),
        ((0.8, 0.9), "", 0.7, True, "missed"),
    ],
)
def test_a_goal_is_reached_by_the_whole_interval(ends, indicative, threshold, lower, verdict):
    one = Measured("accuracy", "", 0.85, *ends, "wilson", indicative)
    assert goal.in_short(goal.verdict(one, threshold, lower)) == verdict


def test_what_lies_between_has_its_reason():
    one = Measured("accuracy", "", 0.85, 0.8, 0.9, "wilson")
    assert goal.verdict(one, 0.83, False) == goal.NOT_SHOWN
    assert goal.verdict(one._replace(indicative="few_rows"), 0.7, False) == goal.INDICATIVE
    assert goal.verdict(one._replace(low=None, high=None), 0.7, False) == goal.WITHOUT_INTERVAL


def test_of_several_classes_their_mean_is_meant_unless_one_is_named():
    each = [Measured("f1", of, 0.5, 0.4, 0.6, "bca") for of in ("yes", "macro", "weighted")]
    assert goal.measure_of(Goal(measure="f1", at_least=0.5), each).of == "macro"
    assert goal.measure_of(Goal(measure="f1", of="yes", at_least=0.5), each).of == "yes"
    assert goal.measure_of(Goal(measure="auc", at_least=0.5), each) is None


def test_a_goal_that_the_value_alone_reaches_is_not_said_to_be_reached():
    one = Measured("accuracy", "", 0.85, 0.8, 0.9, "wilson")
    for language in LANGUAGES:
        choose(language)
        key, sentence = goal.told(Goal(measure="accuracy", at_least=0.83), [one])
        assert key == goal.UNSURE
        assert sentence
    assert goal.told(Goal(measure="accuracy"), [one]) is None
