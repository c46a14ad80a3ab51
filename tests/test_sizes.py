"""A fast run leaves out what is slow, and of a test with few cases the others."""

from types import SimpleNamespace

import pytest

from sizes import left_to_full_runs


class Item:
    """A test as pytest knows it, by its name and its marks."""

    def __init__(self, nodeid, *marks):
        self.nodeid, self.marks = nodeid, marks

    def get_closest_marker(self, name):
        return next((mark for mark in self.marks if mark.name == name), None)


SLOW = SimpleNamespace(name="slow")


def few(count):
    return SimpleNamespace(name="few", args=(count,))


def names_left(*items):
    return [item.nodeid for item in items if item in left_to_full_runs(items)]


def test_what_is_slow_is_left_and_what_has_no_mark_is_not():
    assert names_left(Item("a.py::one", SLOW), Item("a.py::other")) == ["a.py::one"]


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_of_many_cases_so_many_stay_the_first_among_them(count):
    items = [Item(f"a.py::one[{case}]", few(count)) for case in range(7)]
    left = names_left(*items)
    assert len(left) == 7 - count
    assert "a.py::one[0]" not in left


def test_those_that_stay_lie_at_equal_distances():
    items = [Item(f"a.py::one[{case}]", few(3)) for case in "abcdef"]
    assert names_left(*items) == [f"a.py::one[{case}]" for case in "bdf"]


def test_cases_are_counted_for_each_test_by_itself():
    items = [Item(f"a.py::{name}[{case}]", few(1)) for name in ("one", "two") for case in "ab"]
    assert names_left(*items) == ["a.py::one[b]", "a.py::two[b]"]


def test_fewer_cases_than_asked_for_all_stay_but_a_slow_one():
    assert names_left(Item("a.py::one[a]", few(3)), Item("a.py::one[b]", few(3), SLOW)) == [
        "a.py::one[b]"
    ]
