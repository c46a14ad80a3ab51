"""D025: one category written in several ways."""

import shlex

import numpy as np
import pytest

from apprenti import language
from apprenti.data.findings import words
from apprenti.data.findings.variants import variants
from apprenti.project import parse_override


def united(found):
    *command, more = shlex.split(words.tell(found).commands[0])
    key, spellings = parse_override(more.replace("+=", "=", 1))
    assert (command, key) == (["apprenti", "set"], "data.unite")
    return spellings


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_classes_that_differ_by_a_space_are_an_error_with_the_line_that_unites_them(
    find, sound, lang
):
    language.choose(lang)
    answers = np.array(["yes", "yes", "yes ", "no", "no", "no", "no", "no "] * 25)
    (found,) = find("D025", {**sound, "answer": answers})
    assert (found.severity, found.subject) == ("error", "answer")
    assert united(found) == {"yes": ["yes "], "no": ["no "]}
    assert '"yes" = "yes "' in words.tell(found).what


def test_in_a_column_it_is_noted_and_one_line_unites_all(find, sound):
    sound["colour"] = sound["colour"].astype(object)
    sound["colour"][:4] = ["Red", "RED", "rosso", "rosso"]
    town = ["Orléans", "Brest"] * 100
    town[:3] = ["ORLEANS", "orle\u0301ans", "Orléan"]
    found = find("D025", {**sound, "town": town})
    assert {(one.severity, one.subject) for one in found} == {("note", "colour"), ("note", "town")}
    line = united(found[0])
    assert line == united(found[1])
    assert set(line) == {"red", "Orléans"}
    assert set(line["Orléans"]) == {"ORLEANS", "orle\u0301ans", "Orléan"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ({"Paris": 90, "paris": 4, "PARIS ": 1}, {"Paris": ["paris", "PARIS "]}),
        ({"non-fumeur": 50, "non fumeur": 40}, {"non-fumeur": ["non fumeur"]}),
        ({"Bordeaux": 100, "Bordaux": 1, "Bordeuax": 1}, {"Bordeaux": ["Bordeuax", "Bordaux"]}),
        ({"red": 50, "bed": 1}, {}),
        ({"Orange": 50, "Grange": 30}, {}),
        ({"class 1": 90, "class 2": 1}, {}),
        ({"+": 50, "-": 50, " ": 3}, {}),
        ({"male": 90, "female": 1}, {}),
        ({"A1": 50, "B1": 1}, {}),
    ],
)
def test_what_is_one_category_and_what_is_another(rows, expected):
    found = {main: set(others) for main, others in variants(rows).written.items()}
    assert found == {main: set(others) for main, others in expected.items()}


def test_a_slip_in_a_class_may_be_another_word_and_is_a_warning(find, sound):
    answers = ["approved"] * 100 + ["refused"] * 100
    answers[0] = "aproved"
    (found,) = find("D025", {**sound, "answer": answers})
    assert found.severity == "warning"


def test_different_categories_are_no_matter(find, sound):
    assert not find("D025", sound)
