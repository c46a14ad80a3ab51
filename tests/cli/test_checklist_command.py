"""apprenti checklist: the eleven items on the screen, the questions, and what ends with 1."""

import pytest

import apprenti as tool
from apprenti.checklist.items import NAMES


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checklist") / "digits"
    tool.new(folder, "digits")
    return folder


def test_each_item_has_a_line_and_the_last_line_counts_them(apprenti, folder):
    said = apprenti("checklist", folder=folder).out
    lines = [line for line in said.splitlines() if line[:2] in (" ✓", " ✗", " ?", " –")]
    assert [int(line[3:5]) for line in lines] == list(range(1, 12))
    assert "1 of 11 items are done" in said
    assert "apprenti train" in said


def test_strict_ends_with_1_until_all_is_done(apprenti, folder):
    assert apprenti("checklist", "--strict", folder=folder).status == 1
    assert apprenti("checklist", "environment", "--strict", folder=folder).status == 0


def test_the_questions_are_listed_until_they_are_answered(apprenti, folder):
    before = apprenti("checklist", "--questions", "--json", folder=folder).json["questions"]
    assert "answers.personal_data" in {one["key"] for one in before}
    apprenti("checklist", "--answer", "personal_data=no", folder=folder)
    after = apprenti("checklist", "--questions", "--json", folder=folder).json["questions"]
    assert "answers.personal_data" not in {one["key"] for one in after}
    apprenti("checklist", "--undo", folder=folder)


@pytest.mark.slow
def test_each_item_is_shown_by_its_name_and_by_its_number(apprenti, folder):
    for number, name in enumerate(NAMES, start=1):
        by_name, by_number = (
            apprenti("checklist", word, folder=folder).out for word in (name, str(number))
        )
        assert by_name == by_number


def test_where_the_project_stands_counts_the_items_too(apprenti, folder):
    assert "Checklist: 1 of 11" in apprenti(folder=folder).out
