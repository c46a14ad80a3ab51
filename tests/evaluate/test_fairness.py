"""Measures by group: those of Fairlearn, with what may be chance told apart from what may not."""

import warnings

import numpy as np
import pandas as pd
import pytest

from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.evaluate.fairness import TEST, VALID, fairness, of_json
from apprenti.evaluate.group_measures import FEWEST, SEED

ROWS = 600
HOSTILE = "<script>alert('a')</script>[red]\x1b[2J"


def people(rows=ROWS, seed=1):
    """A table of people, and predictions that select one group more often than the other."""
    random = np.random.default_rng(seed)
    group = random.choice(["a", HOSTILE], rows)
    truth = random.random(rows) < 0.4
    said = np.where(random.random(rows) < 0.8, truth, (group == "a") & ~truth)
    table = pd.DataFrame(
        {
            "group": group,
            "age": random.integers(18, 80, rows),
            "region": random.choice(["n", "s", "e"], rows),
            "points": random.normal(size=rows).round(3),
        }
    )
    return table, truth, said.astype(bool)


def predicted(truth, said):
    """Return rows of predictions.csv."""
    pairs = zip(truth, said, strict=True)
    return [
        {"row": n, "truth": t, "predicted": p, "confidence": 0.9} for n, (t, p) in enumerate(pairs)
    ]


def yes(values):
    return np.where(values, "yes", "no")


@pytest.fixture
def judged(left, tmp_path):
    """judged(table, truth, said): a run on this table with these predictions of all its rows."""

    def make(table, rows, task="classification", target="target", truth=None, **data):
        folder = tmp_path / "project"
        folder.mkdir(exist_ok=True)
        path = folder / "people.csv"
        said = [row["truth"] for row in rows] if truth is None else truth
        table.assign(**{target: said}).to_csv(path, index=False)
        settings = {"source": path.name, "target": target, "task": task, **data}
        hashes = {"hashes": {"data": {path.name: digest(path)}}}
        return left(rows, data=settings, environment=hashes)

    return make


def of(found, name, place):
    (measure,) = (one for one in found.measures if one.name == name)
    return measure.of_groups[place]


def test_of_two_classes_the_figures_are_fairlearns(judged):
    from fairlearn import metrics

    table, truth, said = people()
    run = judged(table, predicted(yes(truth), yes(said)), sensitive=["group"])
    (found,) = fairness(run).columns
    assert [group.name for group in found.groups] == sorted({"a", HOSTILE})
    theirs = metrics.MetricFrame(
        metrics={
            "selection_rate": metrics.selection_rate,
            "recall": metrics.true_positive_rate,
            "false_positive_rate": metrics.false_positive_rate,
        },
        y_true=truth,
        y_pred=said,
        sensitive_features=table["group"],
    )
    for name in theirs.by_group:
        for place, group in enumerate(found.groups):
            ours = of(found, name, place)
            assert ours.value == pytest.approx(theirs.by_group[name][group.name], abs=1e-9)
            assert ours.low <= ours.value < ours.high
    gaps = {one.name: one for one in found.gaps}
    how = {"sensitive_features": table["group"]}
    for ours, function in (
        (gaps["selection_rate"].difference, metrics.demographic_parity_difference),
        (gaps["selection_rate"].ratio, metrics.demographic_parity_ratio),
        (gaps["equalized_odds"].difference, metrics.equalized_odds_difference),
        (gaps["equalized_odds"].ratio, metrics.equalized_odds_ratio),
    ):
        assert ours.value == pytest.approx(function(truth, said, **how), abs=1e-9)
        assert ours.low <= ours.value <= ours.high
    assert gaps["false_positive_rate"].is_apart
    assert not gaps["recall"].is_apart


@pytest.mark.slow
def test_of_several_classes_accuracy_and_macro_recall_are_fairlearns_with_its_own_bootstrap(judged):
    from fairlearn.metrics import MetricFrame
    from sklearn.metrics import balanced_accuracy_score

    table, *_ = people()
    random = np.random.default_rng(1)
    truth, other = random.choice(["x", "y", "z"], (2, ROWS))
    said = np.where(random.random(ROWS) < 0.7, truth, other)
    (found,) = fairness(judged(table, predicted(truth, said)), columns=["region"]).columns
    theirs = MetricFrame(
        metrics={"macro_recall": balanced_accuracy_score},
        y_true=truth,
        y_pred=said,
        sensitive_features=table["region"],
        n_boot=50,
        ci_quantiles=[0.025, 0.975],
        random_state=SEED,
    )
    assert [one.name for one in found.measures] == ["accuracy", "macro_recall"]
    for place, group in enumerate(found.groups):
        ours = of(found, "macro_recall", place)
        assert ours.value == pytest.approx(theirs.by_group["macro_recall"][group.name], abs=1e-9)
        low, high = (ends["macro_recall"][group.name] for ends in theirs.by_group_ci)
        assert (ours.low, ours.high) == pytest.approx((low, high), abs=0.03)
    gap = next(one for one in found.gaps if one.name == "macro_recall")
    assert gap.difference.value == pytest.approx(theirs.difference()["macro_recall"], abs=1e-9)
    assert gap.ratio.value == pytest.approx(theirs.ratio()["macro_recall"], abs=1e-9)


@pytest.mark.slow
def test_of_numbers_errors_are_told_with_their_sign(judged):
    table, *_ = people(200)
    random = np.random.default_rng(0)
    truth = random.normal(100, 10, 200)
    said = truth + random.normal(0, 2, 200) + 5 * (table["group"] == "a")
    pairs = zip(truth, said, strict=True)
    rows = [{"row": n, "truth": t, "predicted": p} for n, (t, p) in enumerate(pairs)]
    found = fairness(judged(table, rows, "regression"), columns=["group"])
    assert (found.task, found.positive) == ("regression", None)
    (column,) = found.columns
    place = [group.name for group in column.groups].index("a")
    mine = (table["group"] == "a").to_numpy()
    errors = (said - truth)[mine]
    assert of(column, "mean_error", place).value == pytest.approx(errors.mean(), abs=1e-9)
    assert of(column, "mae", place).value == pytest.approx(abs(errors).mean(), abs=1e-9)
    assert of(column, "rmse", place).value == pytest.approx(np.sqrt((errors**2).mean()), abs=1e-9)
    gap = next(one for one in column.gaps if one.name == "mean_error")
    assert gap.highest == place and gap.is_apart and gap.ratio is None


def test_numbers_are_cut_into_ranges_that_are_told_and_a_gap_is_a_group(judged):
    table, truth, said = people()
    table["age"] = table["age"].astype("Int64").where(np.arange(ROWS) % 5 > 0)
    (found,) = fairness(judged(table, predicted(yes(truth), yes(said))), columns=["age"]).columns
    *ranges, missing = found.groups
    assert len(ranges) == 4 and missing.is_missing
    assert found.rows[-1] == ROWS // 5
    for one, rows in zip(ranges, found.rows, strict=False):
        within = table["age"].ge(one.low) & (table["age"].le if one.is_last else table["age"].lt)(
            one.high
        )
        assert rows == within.sum()
    assert ranges[0].high == ranges[1].low


def test_a_group_of_few_rows_is_named_but_not_judged(judged):
    table, truth, said = people()
    table.loc[: FEWEST - 2, "region"] = "tiny"
    found = fairness(judged(table, predicted(yes(truth), yes(said))), columns=["region"])
    (column,) = found.columns
    place = [group.name for group in column.groups].index("tiny")
    assert column.rows[place] == FEWEST - 1 and not column.is_judged(place)
    assert all(one.of_groups[place] is None for one in column.measures)
    assert all(place not in (gap.highest, gap.lowest) for gap in column.gaps)
    told = found.as_json()["columns"][0]["groups"][place]
    assert told["judged"] is False and set(told["measures"].values()) == {None}


@pytest.mark.parametrize(
    ("values", "why"), [("same", "one_group"), ("few", "small_groups"), ("names", "many_groups")]
)
def test_where_groups_cannot_be_held_against_each_other_that_is_said(judged, values, why):
    table, truth, said = people(100)
    column = {
        "same": ["a"] * 100,
        "few": ["b"] * 10 + ["a"] * 90,
        "names": [f"n{n}" for n in range(100)],
    }[values]
    table["column"] = column
    run = judged(table, predicted(yes(truth), yes(said)))
    (found,) = fairness(run, columns=["column"]).columns
    assert (found.why_not, [*found.gaps]) == (why, [])


def test_of_groups_that_are_level_two_are_named(judged):
    table, truth, said = people()
    run = judged(table, predicted(yes(truth), yes(np.zeros_like(said))))
    (column,) = fairness(run, columns=["region"]).columns
    (gap,) = [one for one in column.gaps if one.of == "selection_rate"]
    assert gap.difference.value == 0 and gap.highest != gap.lowest


def test_a_group_without_rows_of_the_class_has_no_recall(judged):
    table, truth, said = people()
    truth[table["region"] == "n"] = False
    run = judged(table, predicted(yes(truth), yes(said)))
    (found,) = fairness(run, columns=["region"]).columns
    place = [group.name for group in found.groups].index("n")
    assert of(found, "recall", place) is None
    assert of(found, "false_positive_rate", place) is not None


def test_the_test_set_has_figures_of_its_own_once_it_was_opened(judged):
    table, truth, said = people()
    run = judged(table, predicted(yes(truth), yes(said)), sensitive=["region"])
    with pytest.raises(ApprentiError) as caught:
        fairness(run, TEST)
    assert caught.value.key == "fairness_no_test"
    rows = (run.folder / "predictions.csv").read_text().splitlines()
    (run.folder / "test_predictions.csv").write_text("\n".join(rows[:301]) + "\n")
    assert (fairness(run, TEST).rows, fairness(run, VALID).rows) == (300, ROWS)


def test_either_class_can_be_the_positive_one(judged):
    table, truth, said = people()
    run = judged(table, predicted(yes(truth), yes(said)))
    # The rarer of the validation rows
    assert fairness(run, columns=["group"]).positive == "yes"
    (found,) = fairness(run, columns=["group"], positive="no").columns
    mine = (table["group"] == found.groups[0].name).to_numpy()
    assert of(found, "selection_rate", 0).value == pytest.approx((~said[mine]).mean(), abs=1e-9)
    with pytest.raises(ApprentiError, match="perhaps"):
        fairness(run, columns=["group"], positive="perhaps")


@pytest.mark.parametrize(
    ("columns", "key"), [((), "fairness_nothing_sensitive"), (["grup"], "fairness_no_column")]
)
def test_a_column_that_is_not_there_is_refused_with_the_nearest(judged, columns, key):
    table, truth, said = people(80)
    run = judged(table, predicted(yes(truth), yes(said)))
    with pytest.raises(ApprentiError) as caught:
        fairness(run, columns=columns)
    assert caught.value.key == key


def test_images_without_a_table_have_no_groups(left):
    run = left(predicted(["1"] * 50, ["1"] * 50))
    with pytest.raises(ApprentiError) as caught:
        fairness(run, columns=["sex"])
    assert caught.value.key == "fairness_no_columns"


def test_without_fairlearn_the_command_that_installs_it_is_told(judged, monkeypatch):
    import importlib.util

    table, truth, said = people(80)
    run = judged(table, predicted(yes(truth), yes(said)))
    there = importlib.util.find_spec
    missing = lambda name: None if name == "fairlearn" else there(name)  # noqa: E731
    monkeypatch.setattr("importlib.util.find_spec", missing)
    with pytest.raises(ApprentiError, match="-m pip install fairlearn"):
        fairness(run, columns=["group"])


@pytest.mark.slow
def test_groups_that_are_alike_are_rarely_called_apart():
    from apprenti.evaluate.group_measures import gaps, measure, two_classes

    random, apart, looks = np.random.default_rng(0), 0, 100
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(looks):
            truth, said = random.integers(2, size=(2, 300))
            places = random.integers(4, size=300)
            found = measure(two_classes(), truth, said, places, 4)
            told = {one.name: one.is_apart for one in gaps(found)}
            apart += told["selection_rate"]
    # 5 % at most by its promise; 10 % would be far from it
    assert apart / looks < 0.08


@pytest.mark.parametrize("column", ["group", "age", "points"])
def test_what_is_kept_of_it_is_the_same_when_it_is_read_again(judged, column):
    import json

    table, truth, said = people()
    table["points"] = [f"n{n}" for n in range(ROWS)]
    found = fairness(judged(table, predicted(yes(truth), yes(said))), columns=[column])
    kept = json.loads(json.dumps(found.as_json()))
    again = of_json(found.run, kept)
    assert again.as_json() == found.as_json()
    assert [*again.columns[0].groups] == [*found.columns[0].groups] or column == "points"
