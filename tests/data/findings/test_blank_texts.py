"""D008: texts of nothing, or of spaces."""

import numpy as np


def test_empty_texts_and_spaces_are_counted(find, sound):
    sound["colour"] = np.where(np.arange(200) < 5, "", sound["colour"])
    sound["colour"][10:13] = "  "
    (found,) = find("D008", sound)
    assert (found.subject, found.values["rows"]) == ("colour", 8)


def test_words_are_no_matter(find, sound):
    assert not find("D008", sound)
