"""D012: very many categories."""

import numpy as np


def test_a_hundred_categories_are_warned_of(find, sound):
    towns = np.char.add("town ", (np.arange(200) % 100).astype(str))
    (found,) = find("D012", {**sound, "town": towns})
    assert (found.severity, found.subject, found.values["distinct"]) == ("warning", "town", 100)


def test_three_colours_are_no_matter(find, sound):
    assert not find("D012", sound)
