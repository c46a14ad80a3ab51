"""D002: one answer for all rows to learn from."""

import numpy as np


def test_training_rows_of_one_class_are_an_error(find, sound):
    parts = np.where(sound["answer"] == "yes", 0, 1).astype(np.uint8)
    (found,) = find("D002", sound, parts=parts)
    assert (found.severity, found.subject, found.values["only"]) == ("error", "answer", "yes")


def test_a_class_that_only_the_test_part_lacks_is_no_matter(find, sound):
    parts = np.where(sound["answer"] == "yes", 0, 0).astype(np.uint8)
    parts[np.flatnonzero(sound["answer"] == "yes")[:10]] = 2
    assert not find("D002", sound, parts=parts)
