"""Decisions on labels: proposed, taken by commands or in a spreadsheet, and taken back."""

import csv

import pytest

from apprenti import project as projects
from apprenti.diagnose import label_decisions as decisions
from apprenti.diagnose.label_suspects import Suspects
from apprenti.errors import ApprentiError
from apprenti.evaluate.data_rows import DataRow, DataRows
from apprenti.evaluate.mistakes import Prediction
from apprenti.runs import Run

FOUND = (
    Prediction("0", "0", "6", 0.97, 0.001),
    Prediction("1", "1", "2", 0.9, 0.01),
    Prediction("2", "2", "7", 0.8, 0.1),
)


@pytest.fixture
def folder(make_project):
    return make_project("digits", framework="sklearn", kind="linear").folder


@pytest.fixture
def proposed(folder):
    propose(folder)
    return folder


def propose(folder, found=FOUND):
    content = DataRows({"0": DataRow(text="=1+1\nlong text")})
    return decisions.propose(Suspects(Run(folder / "runs" / "1"), 100, found, content))


def lines(folder):
    with open(folder / "labels.csv", newline="", encoding="utf-8-sig") as file:
        return {line["row"]: line for line in csv.DictReader(file)}


def used(folder):
    return projects.load(folder).choices.data.labels


def test_proposals_are_undecided_and_the_project_learns_nothing_from_them(proposed):
    assert list(lines(proposed)) == ["0", "1", "2"]
    assert {line["is"] for line in lines(proposed).values()} == {""}
    assert lines(proposed)["0"]["suggested"] == "6"
    # No spreadsheet takes it for a formula
    assert lines(proposed)["0"]["content"] == "'=1+1 long text"
    assert used(proposed) is None


def test_a_decision_says_who_took_it_and_the_project_learns_from_it(proposed):
    now = decisions.decide(proposed, accept=["0,1"], keep=["2"], by="Ana")
    assert (now.corrected, now.kept, now.undecided) == (2, 1, 0)
    found = lines(proposed)
    assert [found[row]["is"] for row in "012"] == ["6", "2", "2"]
    assert {line["by"] for line in found.values()} == {"Ana"}
    assert used(proposed) == "labels.csv"


def test_another_class_can_be_given_and_must_be_one(proposed):
    decisions.decide(proposed, relabel=["0=9"])
    assert lines(proposed)["0"]["is"] == "9"
    with pytest.raises(ApprentiError) as caught:
        decisions.decide(proposed, relabel=["0=nine"])
    assert caught.value.key == "labels_no_class"


def test_all_suggestions_are_taken_but_not_against_what_was_decided(proposed):
    decisions.decide(proposed, keep=["1"])
    assert decisions.decide(proposed, accept_all=True).corrected == 2
    assert lines(proposed)["1"]["is"] == "1"


def test_decisions_are_taken_back_one_command_after_the_other(proposed):
    before = projects.load(proposed).choices
    decisions.decide(proposed, accept=["0"], by="Ana")
    decisions.decide(proposed, keep=["0"], relabel=["1=3"], by="Luc")
    assert decisions.undo(proposed).corrected == 1
    assert lines(proposed)["0"]["is"] == "6" and lines(proposed)["0"]["by"] == "Ana"
    assert decisions.undo(proposed).undecided == 3
    assert projects.load(proposed).choices == before
    with pytest.raises(ApprentiError) as caught:
        decisions.undo(proposed)
    assert caught.value.key == "labels_nothing_to_undo"


def test_new_proposals_replace_those_of_before_and_no_decision(proposed):
    decisions.decide(proposed, keep=["2"])
    propose(proposed, [Prediction("2", "2", "3", 0.9, 0.01), Prediction("5", "5", "8", 0.9, 0.02)])
    found = lines(proposed)
    assert list(found) == ["5", "2"] and found["2"]["is"] == "2"


def test_what_a_spreadsheet_has_filled_in_counts(proposed):
    text = (proposed / "labels.csv").read_text(encoding="utf-8-sig")
    filled = text.replace("0,0,,,6", "0,0,8,,6").replace(",", ";")
    (proposed / "labels.csv").write_text(filled, encoding="cp1252")
    assert decisions.standing(proposed).corrected == 1
    propose(proposed)
    assert lines(proposed)["0"]["is"] == "8" and used(proposed) == "labels.csv"


def test_a_row_that_is_not_there_and_a_folder_without_proposals_are_told(folder):
    with pytest.raises(ApprentiError) as caught:
        decisions.decide(folder, accept_all=True)
    assert caught.value.key == "labels_no_proposals"
    propose(folder)
    with pytest.raises(ApprentiError) as caught:
        decisions.decide(folder, accept=["0,77"])
    assert caught.value.key == "labels_not_proposed" and lines(folder)["0"]["is"] == ""
