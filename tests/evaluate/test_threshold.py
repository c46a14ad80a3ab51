"""The threshold that costs ask for: chosen on validation, applied to the test set, as stated."""

import numpy as np
import pytest

from apprenti.errors import ApprentiError
from apprenti.evaluate import costs, threshold
from apprenti.evaluate.costs import Costs
from apprenti.language import choose


def rows_of(truth, of_dog):
    return [
        {
            "row": place,
            "truth": true,
            "predicted": "dog" if sure >= 0.5 else "cat",
            "confidence": f"{max(sure, 1 - sure):.6f}",
            "probability_cat": f"{1 - sure:.6f}",
            "probability_dog": f"{sure:.6f}",
        }
        for place, (true, sure) in enumerate(zip(truth, of_dog, strict=True))
    ]


def drawn(random, rows):
    """Rows whose probabilities are those that come true."""
    sure = random.beta(0.6, 1.4, size=rows)
    return ["dog" if one else "cat" for one in random.random(rows) < sure], sure


@pytest.fixture
def judged(left):
    def make(valid, test, **choices):
        from tests.evaluate.conftest import table

        run = left(rows_of(*valid), **choices)
        table(run.folder / "test_predictions.csv", rows_of(*test))
        return run

    return make


@pytest.mark.parametrize("stated", ["missed=10,false_alarm=1", " false_alarm = 1 , missed = 1e1 "])
def test_costs_are_read_in_any_order(stated):
    assert costs.parse(stated) == Costs(10, 1)


@pytest.mark.parametrize(
    ("stated", "key"),
    [
        ("missed", "cost_unreadable"),
        ("lost=3,false_alarm=1", "cost_unreadable"),
        ("missed=1,missed=2,false_alarm=1", "cost_twice"),
        ("missed=1", "cost_missing"),
        ("missed=0,false_alarm=0", "cost_nothing"),
        ("missed=-1,false_alarm=1", "cost_not_amount"),
        ("missed=ten,false_alarm=1", "cost_not_amount"),
        ("missed=inf,false_alarm=1", "cost_not_amount"),
        ("", "cost_unreadable"),
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_costs_that_cannot_be_understood_are_refused_in_three_parts(stated, key, language):
    choose(language)
    with pytest.raises(ApprentiError) as raised:
        costs.parse(stated)
    assert raised.value.key == key
    assert all(raised.value.parts())


def test_the_cheapest_threshold_is_found_as_by_trying_all():
    random = np.random.default_rng(0)
    for case in range(30):
        truth, sure = drawn(random, 40)
        positive = np.array(truth) == "dog"
        sure = np.round(sure, 1 if case % 2 else 6)
        asked = Costs(*random.integers(1, 9, 2).tolist())

        def cost(at, positive=positive, sure=sure, asked=asked):
            taken = sure >= at
            return (
                asked.missed * (positive & ~taken).sum()
                + asked.false_alarm * (~positive & taken).sum()
            )

        best = min(cost(at) for at in [*sure, 2.0])
        assert cost(threshold.cheapest(positive, sure, asked)) == best


def test_where_probabilities_come_true_the_threshold_is_near_what_the_costs_lead_to(judged):
    random = np.random.default_rng(1)
    found = threshold.by_costs(judged(drawn(random, 4000), drawn(random, 2000)), Costs(9, 1))
    assert found.positive == "dog"
    assert found.expected == pytest.approx(0.1)
    assert found.chosen.threshold == pytest.approx(0.1, abs=0.05)
    assert found.outcome == "better"
    assert found.saved == pytest.approx(found.usual.cost - found.chosen.cost)
    assert found.low < found.saved < found.high
    assert found.rows == 2000
    assert found.valid_rows == 4000


def test_the_test_rows_do_not_move_the_threshold(judged):
    random = np.random.default_rng(2)
    valid, other = drawn(random, 300), drawn(random, 300)
    one = threshold.by_costs(judged(valid, other), Costs(5, 1))
    flipped = ["cat" if name == "dog" else "dog" for name in other[0]]
    same = threshold.by_costs(judged(valid, (flipped, 1 - other[1])), Costs(5, 1))
    assert one.chosen.threshold == same.chosen.threshold
    assert one.on_validation == same.on_validation


def test_the_other_class_can_be_stated_as_the_positive_one(judged):
    random = np.random.default_rng(3)
    run = judged(drawn(random, 400), drawn(random, 400))
    found = threshold.by_costs(run, Costs(1, 6), "cat")
    assert (found.positive, found.other) == ("cat", "dog")
    assert found.chosen.threshold > 0.6


def test_classes_weighted_in_training_and_few_moved_rows_are_said(judged):
    choose("en")
    random = np.random.default_rng(4)
    choices = {"train": {"framework": "sklearn", "class_weights": "balanced"}}
    run = judged(drawn(random, 100), drawn(random, 40), **choices)
    found = threshold.by_costs(run, Costs(2, 1))
    assert found.weighted
    assert found.indicative == "few_moved"
    assert any("weighted" in one for one in found.sentences)
    assert found.as_json()["costs"] == {"missed": 2, "false_alarm": 1}


def test_a_tiny_threshold_is_not_written_as_nought_and_each_cost_says_of_which_rows_it_is(judged):
    choose("en")
    valid = ["cat", "dog"] * 30, [0.00006, 0.000078] * 30
    found = threshold.by_costs(judged(valid, valid), Costs(50, 1))
    _, chosen, usual, at = found.sentences[:4]
    assert chosen.endswith(
        "60 validation rows for these costs (missed 50, false alarm 1): 0.000069"
    )
    assert usual.strip().startswith("on the test set, at 0.5: 25 per row (30 missed")
    assert at.strip().startswith("on the test set, at 0.000069: 0 per row")


def test_a_threshold_that_moves_no_row_has_no_interval(judged):
    valid = ["cat", "dog"] * 30, [0.1, 0.9] * 30
    found = threshold.by_costs(judged(valid, valid), Costs(1, 1))
    assert (found.saved, found.low, found.moved, found.outcome) == (0, None, 0, "same")
    assert found.sentences


def test_where_no_threshold_can_be_chosen_it_is_said(left, judged, sure):
    one_class = ["cat"] * 30, [0.2, 0.4, 0.6] * 10
    cases = {
        "cost_one_class": judged(one_class, one_class),
        "cost_not_two_classes": left([sure(name, name, a=0.5, b=0.3, c=0.2) for name in "abc"]),
    }
    for key, run in cases.items():
        with pytest.raises(ApprentiError) as raised:
            threshold.by_costs(run, Costs(1, 1))
        assert raised.value.key == key
        # Without a look at the test rows
        (run.folder / "test_predictions.csv").unlink(missing_ok=True)
        with pytest.raises(ApprentiError) as raised:
            threshold.check(run)
        assert raised.value.key == key
        assert all(raised.value.parts())


@pytest.mark.slow
def test_what_it_saves_lies_in_its_interval(judged):
    random = np.random.default_rng(5)
    asked, at = Costs(6, 1), 0.2
    truth, sure = drawn(random, 400_000)
    positive = np.array(truth) == "dog"
    moved = (sure >= at) & (sure < 0.5)
    true = np.where(moved, np.where(positive, asked.missed, -asked.false_alarm), 0).mean()
    held, times = 0, 300
    for _ in range(times):
        truth, sure = drawn(random, 200)
        some = threshold._Rows(np.array(truth) == "dog", sure)
        _, low, high, *_ = threshold._saved(some, at, asked)
        held += low <= true <= high
    assert 0.92 <= held / times <= 0.98
