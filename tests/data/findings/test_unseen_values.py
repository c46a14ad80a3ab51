"""D018: categories that were never learned."""

import numpy as np

PARTS = np.repeat(np.array([0, 1, 2], np.uint8), [120, 40, 40])


def test_a_category_of_the_validation_part_alone_is_noted(find, sound):
    colours = sound["colour"].astype(object)
    colours[120:123] = "violet"
    (found,) = find("D018", {**sound, "colour": colours}, parts=PARTS)
    assert (found.severity, found.subject) == ("note", "colour")
    assert found.values == {"rows": 3, "names": ["violet"], "count": 1}


def test_a_category_of_the_test_part_alone_is_not_looked_at(find, sound):
    colours = sound["colour"].astype(object)
    colours[170] = "violet"
    assert not find("D018", {**sound, "colour": colours}, parts=PARTS)
