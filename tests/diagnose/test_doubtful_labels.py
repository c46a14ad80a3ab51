"""R14: labels that the model is sure are others."""

from known_runs import HEALTHY, answers


def test_rows_that_the_model_is_sure_of_against_their_label_are_named(told):
    found = told("R14", **HEALTHY, **answers(0.95), sure=[0.995] * 400)
    assert (found.values["count"], found.values["rows"]) == (20, 400)
    assert len(found.values["names"]) == 5 and "→" in found.values["names"][0]


def test_mistakes_that_the_model_is_unsure_of_are_no_doubtful_labels(told):
    assert not told("R14", **HEALTHY, **answers(0.9), sure=[0.8] * 400)
    assert not told("R14", **HEALTHY, **answers(0.997), sure=[0.995] * 400)
