"""D024: words and numbers that stand for "unknown"."""

import shlex

import numpy as np
import pytest

from apprenti import language
from apprenti.data.findings import look, words
from apprenti.project import parse_override


def told(found):
    return dict(found.values["columns"])


@pytest.mark.parametrize(
    ("file", "target", "expected"),
    [
        ("placeholder_NR_20_percent.csv", "dies", {"NR", "?", "unknown", "-999"}),
        ("placeholders_question_999.csv", "dies", {"?", "unknown", "-999"}),
        ("target_question_mark.csv", "answer", {"NR", "?", "-999"}),
    ],
)
def test_in_files_they_are_told_with_one_command(table_of, file, target, expected):
    found = [one for one in look(table_of(file, target)) if one.code == "D024"]
    assert {one.severity for one in found} == {"warning"}
    for lang in language.LANGUAGES:
        language.choose(lang)
        for one in found:
            *command, more = shlex.split(words.tell(one).commands[0])
            assert command == ["apprenti", "set"]
            key, missing = parse_override(more.replace("+=", "=", 1))
            assert key == "data.missing" and set(missing) == expected
    assert [one.subject for one in found] == ([target, ""] if target == "answer" else [""])


def test_each_is_told_with_its_rows(find, sound):
    colours = sound["colour"].astype(object)
    colours[:7], colours[7:10] = "Non renseigné", "n.d."
    sound["weight"][:5] = -999
    (found,) = find("D024", {**sound, "colour": colours})
    assert told(found) == {"colour = Non renseigné": 7, "weight = -999": 5, "colour = n.d.": 3}
    assert found.severity == "warning"


@pytest.mark.parametrize(
    "word",
    [
        *("?", "-", "NR", "ND", "NC", "n.d.", "N/A", "inconnu", "Inconnue", "Non Renseigné"),
        *("non-communiquée", "Non précisé(e)", "non renseignées", "(vide)", "#DIV/0!"),
        *("sans réponse", "no data", "Unknown", "not available", "don’t know"),
    ],
)
def test_as_one_category_among_others_it_is_only_noted(find, sound, word):
    colours = np.where(np.arange(200) < 7, word, sound["colour"].astype(object))
    (found,) = find("D024", {**sound, "colour": colours})
    assert (found.severity, told(found)) == ("note", {f"colour = {word}": 7})


@pytest.mark.parametrize(
    "values",
    [
        ["NC", "ND", "NY", "CA", "TX"],
        ["AF", "AS", "EU", "NA", "SA"],
        ["none", "gravel", "paved"],
        ["noir", "blanc", "non peint"],
        ["+", "0", "+/-"],
    ],
)
def test_codes_and_words_that_say_something_are_no_matter(find, sound, random, values):
    assert not find("D024", {**sound, "x": random.choice(values, 200)})


def with_code(values, code, rows=6):
    values = np.array(values, float)
    values[:rows] = code
    return values


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        (lambda random: random.normal(120, 10, 200).round(1), -999),
        (lambda random: random.integers(18, 80, 200), 99),
        (lambda random: random.integers(18, 80, 200), 999),
        (lambda random: random.integers(0, 2, 200), 99),
        (lambda random: random.integers(1, 10, 200), -1),
        (lambda random: random.uniform(0, 50, 200).round(3), -1),
        (lambda random: random.normal(0, 5, 200), -9999),
    ],
)
def test_a_number_far_from_all_others_and_repeated_is_told(find, sound, random, draw, code):
    made = {**sound, "x": with_code(draw(random), code)}
    (found,) = find("D024", made)
    assert told(found) == {f"x = {code}": 6}
    assert not find("D024", {**sound, "x": with_code(draw(random), code, rows=2)})
    # It is then no measure that lies far out
    assert not find("D013", made)


@pytest.mark.parametrize(
    "draw",
    [
        lambda random: random.integers(-1, 3, 200),
        lambda random: random.choice([-1, 1], 200),
        lambda random: random.integers(-1, 30, 200),
        lambda random: random.integers(0, 100, 200),
        lambda random: np.minimum(random.integers(0, 140, 200), 99),
        lambda random: random.choice([49, 99, 149, 199, 299, 499, 999], 200),
        lambda random: random.normal(size=200),
    ],
    ids=["change", "signs", "degrees", "percent", "at most 99", "prices", "measures"],
)
def test_numbers_among_others_are_no_matter(find, sound, random, draw):
    assert not find("D024", {**sound, "x": draw(random)})


def test_a_class_of_the_target_for_unknown_is_told(find, sound, random):
    grades = random.integers(1, 5, 200)
    grades[:12] = -1
    (found,) = find("D024", {**sound, "answer": grades})
    assert (found.subject, found.values["columns"]) == ("answer", [("-1", 12)])
    for classes in ([-1, 1], [-1, 0, 1], [0, 1, 2]):
        assert not find("D024", {**sound, "answer": random.choice(classes, 200)})
