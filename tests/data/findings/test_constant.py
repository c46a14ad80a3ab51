"""D010: a column of one value."""

import numpy as np
import pytest

from apprenti import language
from apprenti.data.findings import look, words


@pytest.mark.parametrize("value", [7, "same", True])
def test_one_value_everywhere_is_warned_of(find, sound, value):
    (found,) = find("D010", {**sound, "still": np.full(200, value)})
    assert (found.severity, found.subject) == ("warning", "still")


def test_a_column_without_any_value_is_said_to_be_empty(find, sound):
    (found,) = find("D010", {**sound, "nothing": np.full(200, np.nan)})
    assert (found.severity, found.subject) == ("warning", "nothing")
    language.choose("en")
    assert words.tell(found).what == "“nothing” is empty: no row has a value."


def test_the_empty_column_of_a_file_is_told(table_of):
    evidence = table_of("empty_column.csv", "y")
    found = [one for one in look(evidence) if one.code == "D010"]
    assert [(one.subject, one.sentence) for one in found] == [("nothing", "empty")]


def test_one_value_and_gaps_tell_two_kinds_of_rows_apart(find, sound):
    assert not find("D010", {**sound, "marked": np.where(sound["size"] > 1, 1, np.nan)})
