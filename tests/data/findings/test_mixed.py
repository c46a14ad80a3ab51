"""D009: words among the numbers."""

import numpy as np


def test_a_word_among_numbers_is_warned_of(find, sound):
    sound["size"] = np.where(np.arange(200) < 4, "unknown", sound["size"].astype(str))
    (found,) = find("D009", sound)
    assert (found.severity, found.subject, found.values) == ("warning", "size", {"share": 0.02})


def test_numbers_alone_are_no_matter(find, sound):
    assert not find("D009", sound)
