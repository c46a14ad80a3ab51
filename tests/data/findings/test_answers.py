"""Every question about the data has an answer: found, passed, without sense here, or left out."""

from collections import Counter

import pytest

from apprenti import language
from apprenti.data.describe.samples import read
from apprenti.data.findings import ABOUT_ARRAYS, RULES, SLOW, Evidence, answers, look, words
from apprenti.data.findings import answers_of_rows as of_rows
from apprenti.data.kinds.table import open_table
from apprenti.data.source import open_source
from apprenti.data.split.parts import parts_of
from apprenti.findings import HINT, LEFT_OUT, NOT_APPLICABLE, PASSED, PROBLEM, found
from apprenti.project import DataSettings

CODES = {rule.CODE for rule in RULES}


def evidence(source, **settings):
    data = DataSettings(source=source, **settings)
    table = open_table(data, None)
    return Evidence(table.frame, table.columns, table.task, parts_of(table, data.split, data))


def reasons(given):
    return {one.code: one.sentence for one in given if one.outcome == NOT_APPLICABLE}


def test_each_code_is_answered_and_what_passed_was_not_found():
    given = answers(evidence("breast_cancer"))
    assert {one.code for one in given} == CODES
    troubled = {one.code for one in found(given)}
    assert troubled and {one.outcome for one in found(given)} <= {PROBLEM, HINT}
    passed = Counter(one.code for one in given if one.outcome == PASSED)
    assert troubled.isdisjoint(passed) and set(passed.values()) == {1}
    assert found(given) == look(evidence("breast_cancer"))


def test_of_numbers_no_class_is_asked():
    of_numbers = reasons(answers(evidence("diabetes")))
    about_classes = {code for code, why in of_numbers.items() if why == "no_classes"}
    assert about_classes == {"D003", "D004", "D016", "D028", "D033"}
    of_classes = reasons(answers(evidence("iris")))
    assert "no_classes" not in of_classes.values()
    assert {code for code, why in of_classes.items() if why == "no_number"} == {"D021", "D027"}


def test_without_parts_nothing_is_asked_of_the_parts():
    shared_out = evidence("iris")
    assert "no_parts" not in reasons(answers(shared_out)).values()
    alone = reasons(answers(shared_out._replace(parts=None)))
    assert {code for code, why in alone.items() if why == "no_parts"} == {"D017", "D018", "D033"}


def test_of_images_no_column_is_asked(tmp_path):
    data = DataSettings(source="digits")
    source = open_source(data, tmp_path)
    given = of_rows(read(source, data), source.task)
    assert {one.code for one in given} == CODES
    about_columns = CODES - {rule.CODE for rule in ABOUT_ARRAYS}
    assert {code for code, why in reasons(given).items() if why == "no_columns"} == about_columns


def test_what_is_slow_is_left_out_on_request_and_said_to_be(monkeypatch):
    for rule in SLOW:
        monkeypatch.setattr(rule, "find", lambda evidence: 1 / 0)
    given = {one.code: one.outcome for one in answers(evidence("iris"), leave_out=SLOW)}
    assert {code for code, outcome in given.items() if outcome == LEFT_OUT} == {"D020"}
    assert set(given) == CODES


@pytest.mark.parametrize("lang", language.LANGUAGES)
def test_why_a_question_makes_no_sense_is_said_and_no_such_text_is_left_over(lang, tmp_path):
    language.choose(lang)
    few = evidence("iris")
    few = few._replace(frame=few.frame.iloc[:10], parts=None)
    images = DataSettings(source="digits")
    source = open_source(images, tmp_path)
    given = [
        *answers(few),
        *answers(evidence("diabetes")),
        *of_rows(read(source, images), source.task),
    ]
    told = {one.sentence: words.tell(one).what for one in given if one.outcome == NOT_APPLICABLE}
    assert told == dict(language.subject("findings", lang)["not_applicable"])
    passed = next(one for one in given if one.outcome == PASSED)
    assert words.tell(passed).what == "" and words.tell(passed).name
