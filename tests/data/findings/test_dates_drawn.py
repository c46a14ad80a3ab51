"""D019: a date, and rows shared out at random."""

import numpy as np

DAYS = (np.datetime64("2024-01-01") + np.arange(200)).astype(str)


def test_a_date_among_the_inputs_is_warned_of(find, sound):
    (found,) = find("D019", {**sound, "day": DAYS})
    assert (found.severity, found.subject) == ("warning", "day")


def test_a_split_by_time_is_no_matter(find, sound):
    paid = (np.datetime64("2024-02-01") + np.arange(200)).astype(str)
    assert not find("D019", {**sound, "day": DAYS, "paid": paid}, time="day")
