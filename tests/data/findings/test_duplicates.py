"""D015: the same row several times."""

import numpy as np
import pandas as pd
import pytest


@pytest.mark.parametrize(("copies", "severity"), [(1, "note"), (20, "warning")])
def test_copies_are_counted(find, sound, copies, severity):
    frame = pd.DataFrame(sound)
    (found,) = find("D015", pd.concat([frame, frame[:copies]]))
    assert (found.severity, found.values["rows"]) == (severity, copies)


def test_rows_that_differ_in_an_ignored_column_are_copies(find, sound):
    frame = pd.DataFrame({**sound, "id": np.arange(200)})
    twice = pd.concat([frame, frame[:5].assign(id=range(900, 905))])
    assert not find("D015", twice)
    assert find("D015", twice, ignore=["id"])


def test_copies_in_the_test_part_are_not_looked_at(find, sound):
    frame = pd.DataFrame(sound)
    parts = np.repeat(np.array([0, 2], np.uint8), [200, 20])
    assert not find("D015", pd.concat([frame, frame[:20]]), parts=parts)
