"""D011: a column that numbers or names the rows."""

import numpy as np
import pandas as pd
import pytest

from apprenti.data.findings import look

NUMBERS = np.arange(200)


@pytest.mark.parametrize(
    "names",
    [
        NUMBERS,
        np.random.default_rng(1).permutation(NUMBERS) + 1000,
        NUMBERS**2 * 7.0,
        np.char.add("customer ", NUMBERS.astype(str)),
    ],
    ids=["numbered", "shuffled", "growing", "named"],
)
def test_a_column_that_names_the_rows_is_warned_of(find, sound, names):
    (found,) = find("D011", {**sound, "id": names})
    assert (found.severity, found.subject) == ("warning", "id")


def test_the_rows_of_the_test_part_may_be_missing_from_the_numbering(find, sound, random):
    parts = random.choice(np.array([0, 2], np.uint8), 200, p=[0.7, 0.3])
    assert find("D011", {**sound, "id": random.permutation(NUMBERS)}, parts=parts)


@pytest.mark.parametrize("most", [50, 1_000_000])
def test_measures_in_whole_numbers_are_no_matter(find, sound, random, most):
    assert not find("D011", {**sound, "price": random.integers(most, size=200)})


FAR_APART = np.random.default_rng(2).choice(np.arange(20_000_000, 90_000_000), 200, replace=False)
SHORT = np.random.default_rng(3).choice(np.arange(1000, 99_999), 200, replace=False)
BEYOND_FLOATS = pd.array([1577134800018164904 + 3 * n for n in range(200)], "Int64")
BEYOND_FLOATS[7] = pd.NA


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("x", FAR_APART),
        ("x", FAR_APART.astype(float)),
        ("CustomerId", SHORT),
        ("n° de dossier", SHORT),
        ("account", BEYOND_FLOATS),
        ("x", np.array([f"7{code:05x}c" for code in SHORT])),
    ],
    ids=["codes", "floats", "named", "numéro", "large", "texts"],
)
def test_codes_that_are_far_apart_name_the_rows(find, sound, name, values):
    (found,) = find("D011", {**sound, name: values})
    rows = 199 if name == "account" else 200
    assert found.values == {"distinct": rows, "rows": rows}


def test_many_numbers_without_a_pair_are_no_measures(find, random):
    codes = random.choice(np.arange(200_000), 5000, replace=False)
    columns = {"answer": random.choice(["yes", "no"], 5000)}
    assert find("D011", {**columns, "x": codes})
    assert not find("D011", {**columns, "x": random.integers(200_000, size=5000)})


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("no_of_steps", lambda random: random.choice(np.arange(1000, 99_999), 200, replace=False)),
        ("revenue", lambda random: random.lognormal(15, 1, 200).astype(int)),
        ("population", lambda random: random.normal(4_000_000, 500_000, 200).astype(int)),
        ("seconds", lambda random: random.integers(1_600_000_000, 1_700_000_000, 200)),
        ("mass", lambda random: np.sort(random.lognormal(60, 1, 200))),
        ("length", lambda random: np.sort(random.normal(size=200))),
        ("price", lambda random: [f"{1000 + n} €" for n in range(200)]),
        ("height", lambda random: [f"{n // 12}'{n % 12}" for n in range(200)]),
        ("day", lambda random: [f"{1 + n % 28} mars {1800 + n}" for n in range(200)]),
    ],
)
def test_measures_amounts_and_dates_name_no_rows(find, sound, random, name, draw):
    values = draw(random)
    as_read = {"categorical": [name]} if isinstance(values, list) else {}
    assert not find("D011", {**sound, name: values}, **as_read)


def test_identifiers_in_a_file_are_told(table_of):
    seen = table_of("ids_sparse_unique.csv", "y")
    assert [one.subject for one in look(seen) if one.code == "D011"] == ["CustomerId"]
