"""D018: categories that were never learned."""

import numpy as np
import pytest

PARTS = np.repeat(np.array([0, 1, 2], np.uint8), [120, 40, 40])


def test_a_category_of_the_validation_part_alone_is_noted(find, sound):
    colours = sound["colour"].astype(object)
    colours[120:123] = "violet"
    (found,) = find("D018", {**sound, "colour": colours}, parts=PARTS)
    assert (found.severity, found.subject) == ("note", "colour")
    assert found.values == {"rows": 3, "names": ["violet"], "count": 1}


@pytest.mark.parametrize("words", ["K{}", "{} EUR", "a long review of the number {} that I saw"])
def test_of_names_of_rows_texts_and_numbers_it_is_not_said(find, sound, words):
    each = [words.format(number) for number in range(200)]
    assert not find("D018", {**sound, "each": each}, parts=PARTS, categorical=["each"])


def test_what_is_missing_is_known(find, sound):
    colours = sound["colour"].astype(object)
    colours[130] = None
    assert not find("D018", {**sound, "colour": colours}, parts=PARTS)


def test_a_category_of_the_test_part_alone_is_not_looked_at(find, sound):
    colours = sound["colour"].astype(object)
    colours[170] = "violet"
    assert not find("D018", {**sound, "colour": colours}, parts=PARTS)
