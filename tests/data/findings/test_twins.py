"""D014: columns that say the same."""

import numpy as np


def test_one_length_in_two_units_is_warned_of(find, sound):
    (found,) = find("D014", {**sound, "inches": sound["size"] / 2.54 + 1})
    assert (found.severity, found.values["columns"]) == ("warning", ["size", "inches"])


def test_categories_under_other_names_are_found_with_their_gaps(find, sound):
    letters = {"red": "r", "green": "g", "blue": None}
    sound["letter"] = [letters[colour] for colour in sound["colour"]]
    assert not find("D014", sound), "blue is no gap"
    sound["colour"] = [colour if letters[colour] else None for colour in sound["colour"]]
    (found,) = find("D014", sound)
    assert found.values["columns"] == ["colour", "letter"]


def test_columns_alike_are_one_group(find, sound):
    more = {f"size {unit}": sound["size"] * unit for unit in (2, 3)}
    (found,) = find("D014", {**sound, **more})
    assert found.values["count"] == 3


def test_columns_that_resemble_each_other_are_no_matter(find, sound, random):
    near = sound["size"] + 0.3 * random.normal(size=200)
    assert 0.9 < np.corrcoef(near, sound["size"])[0, 1] < 0.99
    assert not find("D014", {**sound, "near": near})


def test_dates_always_as_far_apart_say_the_same_and_other_delays_do_not(find, sound, random):
    ordered = np.datetime64("2020-01-01") + random.integers(0, 1000, 200)
    sound["ordered"] = ordered.astype("datetime64[s]")
    sound["billed"] = (ordered + 30).astype("datetime64[s]")
    sound["paid"] = (ordered + random.integers(1, 40, 200)).astype("datetime64[s]")
    (found,) = find("D014", sound)
    assert found.values["columns"] == ["ordered", "billed"]
