"""D017: the same row in two parts."""

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def twice(sound):
    """200 rows, then copies of the first ten."""
    frame = pd.DataFrame(sound)
    return pd.concat([frame, frame[:10]])


def test_rows_of_validation_that_were_learned_from_are_counted(find, twice):
    parts = np.repeat(np.array([0, 1], np.uint8), [200, 10])
    (found,) = find("D017", twice, parts=parts)
    assert (found.severity, found.values["valid"], found.values["test"]) == ("warning", 10, 0)


def test_rows_of_the_test_part_that_are_known_are_counted(find, twice):
    parts = np.repeat(np.array([1, 0, 2], np.uint8), [5, 195, 10])
    (found,) = find("D017", twice, parts=parts)
    assert (found.values["valid"], found.values["test"]) == (0, 10)


def test_copies_within_one_part_are_no_matter(find, twice):
    parts = np.repeat(np.array([0, 1, 2, 0], np.uint8), [150, 25, 25, 10])
    assert not find("D017", twice, parts=parts)


def test_the_answer_of_a_test_row_is_not_taken_for_another(find, twice):
    twice["answer"] = np.where(np.arange(210) < 200, twice["answer"], "perhaps")
    parts = np.repeat(np.array([0, 2], np.uint8), [200, 10])
    assert not find("D017", twice, parts=parts)
