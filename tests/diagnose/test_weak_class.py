"""R13: one class that is predicted much worse than the others."""

from known_runs import HEALTHY


def three(right):
    """Return 100 rows of each of three classes, of which the last is recognised so often."""
    truth = ["a"] * 100 + ["b"] * 100 + ["c"] * 100
    return {"truth": truth, "predicted": [*truth[:200], *["c"] * right, *["a"] * (100 - right)]}


def test_the_worst_class_is_told_with_its_recall(told):
    found = told("R13", **HEALTHY, **three(60))
    assert (found.subject, found.values["recall"], found.values["others"]) == ("c", 0.6, 1.0)


def test_what_chance_explains_is_not_and_two_classes_are_left_to_others(told):
    assert not told("R13", **HEALTHY, **three(95))
    two = {"truth": ["a"] * 100 + ["b"] * 100, "predicted": ["a"] * 200}
    assert not told("R13", **HEALTHY, **two)
