"""D021: columns that together give the answer away."""

import numpy as np
import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.fixture
def columns(random):
    """Amounts, measures of a body, dates, and columns that have nothing to do with the answer."""
    days = np.datetime64("2020-01-01") + random.integers(0, 900, 300)
    made = {
        "a": random.lognormal(5, 0.5, 300).round(1),
        "b": random.lognormal(4, 0.6, 300).round(1),
        "quantity": random.integers(0, 20, 300),
        "price": random.uniform(1, 50, 300).round(2),
        "weight": random.normal(70, 12, 300).round(1),
        "height": random.normal(1.7, 0.1, 300).round(2),
        "ordered": days.astype("datetime64[s]"),
        "delivered": (days + random.integers(1, 30, 300)).astype("datetime64[s]"),
    }
    return made | {f"other {n}": random.normal(size=300) for n in range(3)}


def answer(columns, formula):
    c = columns
    return {
        "a + b": lambda: c["a"] + c["b"],
        "a - b": lambda: c["a"] - c["b"],
        "2 × a - 0.5 × b": lambda: 2 * c["a"] - 0.5 * c["b"] + 7,
        "quantity × price": lambda: (c["quantity"] * c["price"]).round(2),
        "weight / height^2": lambda: (c["weight"] / c["height"] ** 2).round(1),
        "a × b / weight": lambda: c["a"] * c["b"] / c["weight"],
        "a / b": lambda: c["a"] / c["b"],
        "a / (a + b)": lambda: (100 * c["a"] / (c["a"] + c["b"])).round(1),
        "delivered - ordered": lambda: (c["delivered"] - c["ordered"]).astype(float) / 86_400,
    }[formula]()


FORMULAS = (
    "a + b",
    "a - b",
    "2 × a - 0.5 × b",
    "quantity × price",
    "weight / height^2",
    "a × b / weight",
    "a / b",
    "a / (a + b)",
    "delivered - ordered",
)


@pytest.mark.parametrize("formula", FORMULAS)
def test_what_is_computed_from_other_columns_is_an_error_with_its_formula(find, columns, formula):
    language.choose("en")
    made = {**columns, "answer": answer(columns, formula)}
    (found,) = find("D021", made, task="regression")
    assert (found.severity, found.subject) == ("error", "answer")
    assert f": {formula} predicts it" in words.tell(found).what


def test_gaps_and_a_few_slips_hide_no_sum(find, columns, random):
    total = columns["a"] + columns["b"]
    total[:5] += 300
    columns["a"][random.random(300) < 0.2] = np.nan
    columns["other 0"][random.random(300) < 0.9] = np.nan
    (found,) = find("D021", {**columns, "answer": total}, task="regression")
    assert sorted(name for name, _ in found.values["terms"]) == ["a", "b"]


@pytest.mark.parametrize("explained", [0.9, 0.99, 0.999, 0.9999])
def test_a_strong_and_honest_relation_is_no_matter(find, columns, random, explained):
    total = columns["a"] + columns["b"]
    noise = np.sqrt((1 - explained) / explained) * total.std() * random.normal(size=300)
    assert not find("D021", {**columns, "answer": total + noise}, task="regression")


def test_noise_heavy_tails_and_mostly_zeros_are_never_taken_for_a_formula(find):
    for seed in range(30):
        random = np.random.default_rng(seed)
        rows, width = int(random.choice([30, 60, 300])), int(random.integers(2, 25))
        inputs = random.lognormal(0, random.uniform(0.5, 3), (width, rows))
        signal = random.normal(size=width) @ inputs
        amount = signal + signal.std() * random.choice([0.03, 0.3]) * random.normal(size=rows)
        answers = [amount, np.exp(amount / amount.std()), amount * (random.random(rows) < 0.1)]
        columns = {f"x{number}": values for number, values in enumerate(inputs)}
        made = {**columns, "answer": answers[seed % 3]}
        assert not find("D021", made, task="regression")


def test_one_huge_row_makes_no_relation(find, columns, random):
    answers = random.lognormal(5, 1, 300)
    columns["a"][0], answers[0] = 1e7, 3e7
    assert not find("D021", {**columns, "answer": answers}, task="regression")


def test_a_sum_in_a_file_is_told_by_its_columns(table_of):
    found = [one for one in look(table_of("leak_sum_of_two.csv", "cnt")) if one.code == "D021"]
    assert [name for name, _ in found[0].values["terms"]] == ["casual", "registered"]
    assert found[0].is_serious


def test_of_one_column_another_rule_speaks(find, columns):
    assert not find("D021", {**columns, "answer": 3 * columns["a"]}, task="regression")
