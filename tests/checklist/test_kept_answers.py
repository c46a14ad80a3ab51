"""Answers: kept with their date beside the comments of apprenti.toml, and no part of a run."""

import datetime
import tomllib

import pytest

import apprenti
from apprenti import checklist
from apprenti.errors import ApprentiError
from apprenti.project import load


def written(folder):
    return tomllib.loads((folder / "apprenti.toml").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path):
    apprenti.new(tmp_path / "p", "digits")
    return tmp_path / "p"


def test_an_answer_has_its_date_and_its_reason_and_is_taken_back_by_itself(folder):
    before = (folder / "apprenti.toml").read_text(encoding="utf-8")
    apprenti.checklist(folder, answers={"personal_data": "non"}, because="only digits")
    today = datetime.date.today()
    said = {"answer": "no", "on": today, "because": "only digits"}
    assert written(folder)["answers"] == {"personal_data": said}
    apprenti.set(folder, epochs=3)
    apprenti.checklist(folder, undo=True)
    assert "personal_data" not in written(folder).get("answers", {})
    assert written(folder)["train"]["epochs"] == 3
    apprenti.set(folder, undo=True)
    after = (folder / "apprenti.toml").read_text(encoding="utf-8")
    assert after.startswith(before.rstrip())


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"personal_date": "no"}, "no_question"),
        ({"personal_data": "perhaps"}, "wrong_value"),
        ({"data_origin": "TEXTE"}, "no_answer"),
    ],
)
def test_what_is_no_answer_is_refused(folder, answers, error):
    with pytest.raises(ApprentiError) as caught:
        apprenti.checklist(folder, answers=answers)
    assert caught.value.key == error
    assert "answers" not in written(folder)


def test_neither_goal_nor_answers_are_part_of_what_a_run_is_made_of(folder):
    before = load(folder).choices.model_dump()
    apprenti.set(folder, **{"goal.measure": "accuracy", "goal.at_least": 0.9})
    apprenti.checklist(folder, answers={"personal_data": "no"})
    choices = load(folder).choices
    assert choices.model_dump() == before
    assert (choices.goal.measure, choices.answers.personal_data.answer) == ("accuracy", "no")
    with pytest.raises(ApprentiError, match=r"goal\.measure"):
        apprenti.train(folder, **{"goal.measure": "f1"})


def test_a_measure_of_the_other_task_is_refused(folder):
    with pytest.raises(ApprentiError) as caught:
        apprenti.set(folder, **{"goal.measure": "rmse"})
    assert caught.value.key == "goal_not_of_classes"


def test_a_damaged_file_is_a_doubt_and_no_end(folder):
    (folder / "data.json").write_text("{")
    judged = checklist.judge(load(folder))
    assert len(judged) == 11
    assert checklist.one(judged, "data").state == checklist.NOT_DONE
