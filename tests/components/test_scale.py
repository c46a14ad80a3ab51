"""Axes: round numbers, with the decimals that tell them apart, as the language writes them."""

import math

import pytest

from apprenti import language
from apprenti.components.scale import Scale, in_words, scale, ticks


@pytest.mark.parametrize("low,high", [(0, 1), (0.97, 0.981), (-3, 12_000), (1e-6, 3e-6), (5, 5)])
def test_ticks_are_few_and_lie_between_the_ends(low, high):
    of = scale([low, high], 0, 100)
    found = ticks(of)
    assert 2 <= len(found) <= 8
    assert all(of.low - 1e-12 <= one <= of.high + 1e-12 for one in found)
    assert len(set(in_words(found))) == len(found)


def test_whole_numbers_have_whole_ticks():
    assert all(one == int(one) for one in ticks(scale([1, 3], 0, 100, whole=True), whole=True))
    assert ticks(scale([1, 1], 0, 100, whole=True), whole=True) == [1]


def test_numbers_are_written_as_the_language_has_them():
    assert in_words([0.0, 0.5, 1.0]) == ["0.0", "0.5", "1.0"]
    with language.speaking("fr"):
        assert in_words([0.0, 0.25]) == ["0,00", "0,25"]
        assert in_words([0, 5000]) == ["0", "5\u202f000"]


def test_what_is_no_number_does_not_stretch_a_scale():
    of = scale([1.0, math.nan, math.inf, 2.0], 0, 10, room=0)
    assert of == Scale(1.0, 2.0, 0, 10)
    assert of(1.5) == 5
    assert scale([], 0, 1).low < scale([], 0, 1).high
