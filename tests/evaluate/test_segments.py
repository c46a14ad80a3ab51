"""Weak segments: a planted one is found, and of a model without any nearly none is said."""

import numpy as np
import pandas as pd
import pytest

from apprenti.evaluate import slices
from apprenti.evaluate.data_rows import columns_of
from apprenti.evaluate.segments import _judge, weak_segments
from apprenti.language import LANGUAGES, choose


def frame_of(random, rows):
    days = pd.to_timedelta(random.integers(0, 900, rows), "D")
    return pd.DataFrame(
        {
            "age": random.normal(40, 12, rows).round(1),
            "town": random.choice(["Lyon", "Nice", "Lille"], rows),
            "rooms": random.integers(1, 5, rows),
            "seen": pd.Timestamp("2024-01-01") + days,
            "note": [" ".join(["word"] * n) for n in random.integers(3, 20, rows)],
            "gap": np.where(random.random(rows) < 0.3, np.nan, random.normal(size=rows)),
        }
    )


@pytest.fixture
def project(left, tmp_path):
    """A run of a table with a target, whose errors are where they are told to be."""

    def make(frame, wrong=None, errors=None):
        (tmp_path / "project").mkdir(exist_ok=True)
        truth = ["yes", "no"] * (len(frame) // 2)
        if errors is not None:
            truth = np.linspace(0, 9, len(frame))
        frame.assign(target=truth).to_csv(tmp_path / "project" / "table.csv", index=False)
        rows = []
        for place, true in enumerate(truth):
            if errors is not None:
                rows.append({"row": place, "truth": true, "predicted": true + errors[place]})
                continue
            said = {"yes": "no", "no": "yes"}[true] if wrong[place] else true
            rows.append({"row": place, "truth": true, "predicted": said, "confidence": 0.9})
        return left(rows, data={"source": "table.csv", "target": "target"})

    return make


def test_a_planted_weak_segment_is_found_and_told(project):
    random = np.random.default_rng(0)
    frame = frame_of(random, 600)
    wrong = random.random(600) < np.where(frame["town"] == "Nice", 0.4, 0.1)
    found = weak_segments(project(frame, wrong))
    assert [(one.kind, one.column, one.value) for one in found.weak] == [("value", "town", "Nice")]
    one = found.weak[0]
    assert one.low < one.figure < one.high < one.rest
    assert one.p_value < 0.05
    assert found.looks > 15
    assert found.as_json()["weak"][0]["value"] == "Nice"
    for language in LANGUAGES:
        choose(language)
        assert "Nice" in found.sentences[1]


def test_columns_that_say_the_same_are_one_look(project):
    random = np.random.default_rng(0)
    frame = frame_of(random, 600)
    wrong = random.random(600) < np.where(frame["town"] == "Nice", 0.4, 0.1)
    alone = weak_segments(project(frame, wrong))
    twins = frame.assign(port=frame["town"].str.upper(), copy=["yes", "no"] * 300)
    assert weak_segments(project(twins, wrong)) == alone


def test_of_numbers_it_is_the_mean_error(project):
    random = np.random.default_rng(1)
    frame = frame_of(random, 600)
    old = frame["age"] > frame["age"].quantile(0.75)
    found = weak_segments(project(frame, errors=random.normal(size=600) * np.where(old, 3, 1)))
    assert found.measure == "mae"
    assert [(one.kind, one.column) for one in found.weak] == [("range", "age")]
    assert found.weak[0].start >= frame["age"].quantile(0.7)


@pytest.mark.slow
def test_a_model_without_weak_segments_is_said_to_have_one_at_most_one_time_in_twenty():
    random = np.random.default_rng(2)
    alarms, times = {"classes": 0, "numbers": 0}, 150
    for _ in range(times):
        frame = frame_of(random, 300)
        looked_at = [one for name in frame for one in slices.by_column(frame[name])]
        for kind in alarms:
            bad = random.random(300) < 0.2 if kind == "classes" else abs(random.normal(size=300))
            alarms[kind] += bool(_judge([(one, bad) for one in looked_at]))
    assert max(alarms.values()) / times <= 0.05


def test_a_column_is_looked_at_by_values_quarters_words_and_what_is_missing():
    frame = frame_of(np.random.default_rng(3), 400)
    kinds = {name: {one.kind for one in slices.by_column(frame[name])} for name in frame}
    assert kinds == {
        "age": {"range"},
        "town": {"value"},
        "rooms": {"value"},
        "seen": {"range"},
        "note": {"words"},
        "gap": {"range", "missing"},
    }
    quarters = list(slices.by_column(frame["age"]))
    assert sum(one.inside.sum() for one in quarters) == 400
    assert all(one.inside.sum() >= slices.FEWEST_ROWS for one in quarters)


def test_without_the_data_the_classes_are_looked_at_and_it_is_said_why(project, tmp_path):
    random = np.random.default_rng(4)
    run = project(frame_of(random, 200), random.random(200) < 0.2)
    (tmp_path / "project" / "table.csv").unlink()
    found = weak_segments(run)
    assert (found.looks, found.rows) == (2, 200)
    assert found.why_not


def test_the_columns_of_rows_are_found_by_their_names(project):
    random = np.random.default_rng(5)
    frame = frame_of(random, 60)
    run = project(frame, random.random(60) < 0.2)
    found = columns_of(run, ["7", "3", "gone"]).frame
    assert set(found.index) == {"7", "3"}
    assert found.loc["3", "town"] == frame.loc[3, "town"]
    assert "target" not in found


def test_of_few_rows_nothing_is_looked_at(project):
    random = np.random.default_rng(6)
    found = weak_segments(project(frame_of(random, 30), random.random(30) < 0.5))
    assert (found.looks, list(found.weak)) == (0, [])
    assert found.sentences
