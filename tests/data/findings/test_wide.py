"""D026: more inputs than rows to learn from."""

import numpy as np


def test_more_columns_than_training_rows_are_warned_of(find, sound, random):
    parts = np.repeat(np.array([0, 1, 2], np.uint8), [140, 30, 30])
    genes = {f"gene {n}": random.normal(size=200) for n in range(150)}
    (found,) = find("D026", {**sound, **genes}, parts=parts)
    assert (found.severity, found.values["rows"]) == ("warning", 140)
    # Two numbers more, and three colours
    assert found.values["inputs"] == 155


def test_frequent_categories_count_as_inputs_of_their_own(find, sound, random):
    letters = np.array(list("abcdefghijklmnopqrst"))
    columns = {f"letter {n}": random.choice(letters, 200) for n in range(12)}
    (found,) = find("D026", {**sound, **columns})
    assert found.values["inputs"] >= 240


def test_a_few_columns_and_names_of_rows_are_no_matter(find, sound):
    named = {f"name {n}": [f"customer {n} {row}" for row in range(200)] for n in range(3)}
    assert not find("D026", {**sound, **named})
