"""D005: rows without an answer."""

import pandas as pd


def test_rows_without_an_answer_are_counted(find, sound):
    sound["answer"] = pd.Series(sound["answer"], dtype=object).where(sound["size"] < 1)
    (found,) = find("D005", sound)
    assert found.severity == "warning"
    assert found.values["rows"] == (sound["size"] >= 1).sum()


def test_answers_everywhere_are_no_matter(find, sound):
    assert not find("D005", sound)
