"""A table in numbers, without its test part."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti.data.describe.description import describe
from apprenti.data.describe.picture import draw
from apprenti.data.describe.relation import relation
from apprenti.data.findings import Evidence, look
from apprenti.data.kinds.columns import find_columns, find_roles
from apprenti.data.source import Table
from apprenti.project import DataSettings

ROWS = 300


def table(columns, task="classification", **settings):
    data = DataSettings(source="x.csv", target="answer", **settings)
    frame = pd.DataFrame(columns)
    sorted_out, frame = find_columns(frame, find_roles(frame, data, None))
    answers = frame[sorted_out.target].dropna()
    classes = answers.nunique() if task == "classification" else 0
    return Table(frame, "csv_table", sorted_out, task, {}, len(answers), classes)


@pytest.fixture
def columns():
    random = np.random.default_rng(0)
    size = random.normal(size=ROWS)
    return {
        "size": np.where(np.arange(ROWS) < 30, np.nan, size),
        "colour": random.choice(["red", "green"], ROWS, p=[0.8, 0.2]),
        "day": (np.datetime64("2024-01-01") + np.arange(ROWS)).astype(str),
        "secret": np.arange(ROWS),
        "answer": np.where(size > 0, "yes", "no"),
    }


def by_name(described):
    return {column.name: column for column in described.columns}


def test_each_column_is_told_by_what_it_is_for(columns):
    found = by_name(describe(table(columns, ignore=["secret"])))
    kinds = {name: column.kind for name, column in found.items()}
    assert kinds == {
        "size": "number",
        "colour": "category",
        "day": "date",
        "secret": "left_out",
        "answer": "target",
    }


def test_numbers_have_their_range_mean_and_gaps(columns):
    size, filled = by_name(describe(table(columns)))["size"], columns["size"][30:]
    assert (size.missing, size.missing_share, size.distinct) == (30, 0.1, 270)
    assert (size.lowest, size.highest) == (filled.min(), filled.max())
    assert size.mean == pytest.approx(filled.mean())
    assert size.deviation == pytest.approx(filled.std(ddof=1))
    assert sum(size.histogram.counts) == 270
    assert (size.histogram.edges[0], size.histogram.edges[-1]) == (filled.min(), filled.max())


def test_words_have_their_most_frequent_values_and_dates_their_ends(columns):
    found = by_name(describe(table(columns)))
    assert found["colour"].frequent[0] == ("red", (columns["colour"] == "red").sum())
    assert found["colour"].mean is None
    assert found["day"].lowest.startswith("2024-01-01")
    assert found["day"].highest.startswith("2024-10-26")


def test_classes_are_counted_and_numbers_to_predict_have_a_histogram(columns):
    described = describe(table(columns))
    names, counts = np.unique(columns["answer"], return_counts=True)
    assert dict(described.classes) == dict(zip(names, counts, strict=True))
    assert described.classes[0][1] >= described.classes[1][1]
    described = describe(table({**columns, "answer": np.arange(ROWS) / 7}, "regression"))
    assert described.classes == ()
    assert by_name(described)["answer"].histogram


def test_the_test_part_is_counted_and_not_described(columns):
    parts = np.repeat(np.array([0, 1, 3, 2], np.uint8), [150, 50, 50, 50])
    whole = describe(table(columns), parts)
    other = {name: values[:250] for name, values in columns.items()}
    alone = describe(table(other))
    assert (whole.rows, whole.test_rows) == (250, 50)
    assert whole.columns == alone.columns
    assert whole.correlations == alone.correlations


def test_correlations_are_those_of_pandas(columns):
    columns["twice"] = columns["size"] * 2
    columns["still"] = 1
    found = describe(table(columns)).correlations
    place = {name: found.names.index(name) for name in ("size", "twice", "still")}
    assert found.values[place["size"]][place["twice"]] == pytest.approx(1)
    assert found.values[place["size"]][place["still"]] is None


@pytest.mark.few(2)
@pytest.mark.parametrize("odd", [1e307, np.nan, True, 2**62, "a$b_{", ""])
def test_whatever_a_column_holds_it_becomes_json_and_a_picture(columns, odd, tmp_path):
    columns["odd"] = np.where(np.arange(ROWS) < 7, odd, columns["secret"].astype(object))
    columns["all odd"] = [odd] * ROWS
    columns["gaps"] = pd.array([None] * 5 + list(range(ROWS - 5)), dtype="Int64")
    columns["kinds"] = pd.Categorical(["a", "b", None] * (ROWS // 3))
    made = table(columns)
    look(Evidence(made.frame, made.columns, made.task, None))
    described = describe(made)
    json.dumps(described.as_json())
    assert draw(made, described, tmp_path / "data.png").read_bytes().startswith(b"\x89PNG")


# ---- Relations


def test_a_relation_is_1_for_the_same_column_and_about_0_for_noise():
    random = np.random.default_rng(1)
    numbers = pd.Series(random.normal(size=1000))
    words = pd.Series(random.choice(list("abc"), 1000))
    for column in (numbers, words):
        assert relation(column, column, column is words) == pytest.approx(1)
    assert relation(numbers, words, True) < 0.1
    assert relation(words, numbers, False) < 0.1
    assert relation(words, pd.Series(random.choice(list("xy"), 1000)), True) < 0.1


def test_names_of_rows_have_no_relation():
    names, answers = pd.Series([f"row {n}" for n in range(90)]), pd.Series([0, 1, 2] * 30)
    assert relation(names, answers, False) is None
    assert not relation(names, answers, True)


def test_a_relation_with_a_constant_is_none():
    still, answers = pd.Series([5.0] * 30), pd.Series([0, 1, 2] * 10)
    assert relation(still, answers, True) is None
    assert relation(still, answers, False) is None
    assert relation(still.astype(str), answers, True) is None


def test_numbers_by_class_have_the_correlation_ratio_of_pairs():
    values, answers = pd.Series([1.0, 2, 3, 11, 12, 13]), pd.Series(list("aaabbb"))
    # Deviations -6 -5 -4 and 4 5 6: the three pairs of each group, against the whole variance
    pairs, whole = 2 * (30 + 24 + 20) / 2 * 2, 36 + 25 + 16 + 16 + 25 + 36
    assert relation(values, answers, True) == pytest.approx((pairs / whole) ** 0.5)


@pytest.mark.parametrize("categories", [2, 20, 200, 500, 2000])
@pytest.mark.parametrize("classes", [True, False])
def test_chance_has_no_relation_however_many_categories_there_are(categories, classes):
    random = np.random.default_rng(categories)
    found = []
    for _ in range(100):
        words = pd.Series(random.integers(categories, size=1000)).astype(str)
        answers = pd.Series(random.integers(4, size=1000)).astype(str)
        numbers = pd.Series(random.normal(size=1000))
        found.append(relation(words, answers if classes else numbers, classes))
    assert np.mean(found) < 0.03
    assert np.mean(np.array(found) > 0) <= 0.1
    assert max(found) < 0.4


@pytest.mark.parametrize("classes", [True, False])
def test_a_few_rows_that_stand_twice_say_little_of_the_others(classes):
    random = np.random.default_rng(5)
    texts = pd.Series([f"text {n}" for n in range(1000)])
    answers = pd.Series(random.integers(3, size=1000))
    texts[:20], answers[:20] = texts[20:40].to_numpy(), answers[20:40].to_numpy()
    assert relation(texts, answers.astype(str) if classes else answers, classes) < 0.25


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_real_relation_of_groups_is_found_in_its_size(share):
    random = np.random.default_rng(6)
    group = random.integers(50, size=5000)
    of_group = random.normal(size=50)
    of_group = (of_group - of_group.mean()) / of_group.std()
    values = share**0.5 * of_group[group] + (1 - share) ** 0.5 * random.normal(size=5000)
    found = relation(pd.Series(group).astype(str), pd.Series(values), False)
    assert found == pytest.approx(share**0.5, abs=0.05)
