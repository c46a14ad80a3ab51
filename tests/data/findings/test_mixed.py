"""D009: cells that are not what their column is."""

import numpy as np


def test_a_word_among_numbers_is_warned_of(find, sound):
    sound["size"] = np.where(np.arange(200) < 4, "about 5", sound["size"].astype(str))
    (found,) = find("D009", sound)
    assert (found.severity, found.subject, found.sentence) == ("warning", "size", "among_numbers")
    assert found.values == {"rows": 4, "words": [("about 5", 4)], "first": 1}


def test_a_day_that_does_not_exist_is_told_with_its_row(find, sound):
    days = np.datetime64("2024-01-01") + np.arange(200)
    sound["day"] = np.where(np.arange(200) == 7, "2024-02-31", days.astype(str))
    (found,) = find("D009", sound)
    assert (found.sentence, found.values["first"]) == ("among_dates", 8)


def test_words_for_unknown_have_a_question_of_their_own(find, sound):
    sound["size"] = np.where(np.arange(200) < 4, "unknown", sound["size"].astype(str))
    assert not find("D009", sound)
    (found,) = find("D024", sound)
    assert found.values["missing"] == ["unknown"]


def test_numbers_alone_are_no_matter(find, sound):
    assert not find("D009", sound)
