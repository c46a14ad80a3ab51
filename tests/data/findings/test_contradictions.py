"""D016: one row, two answers."""

import pandas as pd
import pytest


def test_the_same_inputs_with_another_answer_are_counted(find, sound):
    frame = pd.DataFrame(sound)
    other = frame[:10].assign(answer=frame["answer"][:10].map({"yes": "no", "no": "yes"}))
    (found,) = find("D016", pd.concat([frame, other]))
    assert (found.severity, found.values["rows"]) == ("warning", 20)
    assert found.values["ceiling"] == pytest.approx(200 / 210)


def test_true_copies_are_no_matter(find, sound):
    frame = pd.DataFrame(sound)
    assert not find("D016", pd.concat([frame, frame[:10]]))


def test_numbers_to_predict_may_differ(find, sound, random):
    frame = pd.DataFrame({**sound, "answer": random.normal(size=200)})
    other = frame[:10].assign(answer=1.5)
    assert not find("D016", pd.concat([frame, other]), task="regression")
