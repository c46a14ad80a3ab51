"""R11: an imbalance that accuracy hides."""

from known_runs import HEALTHY


def rare(found):
    """Return the answers to 380 rows of one class and 20 of another, of which some are found."""
    truth = ["no"] * 380 + ["yes"] * 20
    return {"truth": truth, "predicted": ["no"] * (400 - found) + ["yes"] * found}


def test_a_rare_class_that_is_missed_is_told_by_its_recall(told):
    found = told("R11", **HEALTHY, **rare(2))
    assert (found.subject, found.values["recall"], found.values["share"]) == ("yes", 0.1, 0.95)
    assert found.values["score"] == 382 / 400


def test_a_rare_class_that_is_found_is_not(told):
    assert not told("R11", **HEALTHY, **rare(18))
