"""D020: a column that gives the answer away, and honest ones that do not."""

import numpy as np
import pytest

KINDS = {"answer": ["cat", "dog", "whale"], "code": ["C", "D", "W"]}
"""Three classes, and the same under other names."""


def test_the_answer_under_another_name_is_an_error(find, sound):
    sound["outcome"] = np.where(sound["answer"] == "yes", "good", "bad")
    (found,) = find("D020", sound)
    assert (found.severity, found.subject, found.values["score"]) == ("error", "outcome", 1)
    assert found.values["others"] < 0.9


def test_the_target_recoded_is_an_error_even_where_the_problem_is_easy(find, random):
    kind = random.integers(3, size=400)
    names = {name: np.array(words)[kind] for name, words in KINDS.items()}
    found = find("D020", {**names, "long": kind * 10 + random.normal(size=400)})
    severities = {one.subject: (one.severity, one.sentence) for one in found}
    assert severities == {"code": ("error", "again"), "long": ("warning", "")}


def test_the_code_of_a_price_is_the_price_again(find, random):
    fares = random.choice([12.5, 20.0, 35.0], 300)
    zones = np.select([fares < 15, fares < 30], ["inner", "middle"], "outer")
    columns = {"zone": zones, "answer": fares, "x": random.normal(size=300)}
    (found,) = find("D020", columns, task="regression")
    assert (found.severity, found.sentence) == ("error", "again")


def test_a_number_that_encodes_the_class_is_an_error(find, sound, random):
    sound["code"] = np.where(sound["answer"] == "yes", 3, 1) + random.random(200)
    assert [found.severity for found in find("D020", sound)] == ["error"]


def test_a_gap_that_encodes_the_class_is_an_error(find, sound, random):
    sound["paid"] = np.where(sound["answer"] == "yes", random.normal(size=200), np.nan)
    assert [found.severity for found in find("D020", sound)] == ["error"]


@pytest.mark.parametrize("shape", [lambda y: 2 * y + 1, np.exp, lambda y: -(y**3)])
def test_a_number_made_from_the_answer_is_an_error(find, random, shape):
    answer, noise = random.normal(size=(2, 1000))
    columns = {"made": shape(answer), "clue": answer + noise, "answer": answer}
    (found,) = find("D020", columns, task="regression")
    assert (found.severity, found.subject) == ("error", "made")


def test_a_rare_class_is_not_too_rare_to_be_given_away(find, random):
    answer = np.where(np.arange(20_000) < 60, "fraud", "fair")
    columns = {"blocked": answer == "fraud", "amount": random.normal(size=20_000)}
    (found,) = find("D020", {**columns, "answer": answer})
    assert (found.severity, found.subject) == ("error", "blocked")


def test_names_of_rows_give_nothing_away(find, sound):
    assert not find("D020", {**sound, "id": np.char.add("row ", np.arange(200).astype(str))})


def test_an_honest_strong_column_is_no_error(find, random):
    size = random.normal(size=1000)
    answer = np.where(size + 0.05 * random.normal(size=1000) > 0, "yes", "no")
    found = find("D020", {"size": size, "noise": random.normal(size=1000), "answer": answer})
    assert all(finding.severity == "warning" for finding in found)


def test_where_every_column_is_perfect_the_problem_is_easy(find, random):
    kind = random.integers(2, size=400)
    columns = {name: kind * 10 + random.normal(size=400) for name in ("long", "wide")}
    found = find("D020", {**columns, "answer": np.array(["cat", "whale"])[kind]})
    assert {finding.severity for finding in found} == {"warning"}


def test_a_column_that_gives_away_the_test_rows_alone_is_not_seen(find, sound, random):
    parts = random.choice(np.array([0, 2], np.uint8), 200)
    told = np.where(parts == 2, sound["answer"], "unknown")
    assert not find("D020", {**sound, "told": told}, parts=parts)
