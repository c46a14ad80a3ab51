"""D011: a column that numbers or names the rows."""

import numpy as np
import pytest

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
