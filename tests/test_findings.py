"""One kind of finding: every question has one answer, whatever it is about."""

from types import ModuleType

import pytest

from apprenti.findings import (
    HINT,
    LEFT_OUT,
    MUTED,
    NOT_APPLICABLE,
    OUTCOMES,
    PASSED,
    PROBLEM,
    Finding,
    codes_of,
    fold,
    found,
    gather,
    not_applicable,
)


def rule(*answers, codes=("X01",)):
    """A rule that answers this, whatever it is shown."""
    made = ModuleType("made")
    if len(codes) == 1:
        (made.CODE,) = codes
    else:
        made.CODES = codes
    made.find = lambda evidence: iter(answers)
    return made


def outcomes(rules, **options):
    return {answer.code: answer.outcome for answer in gather(rules, None, **options)}


def test_what_the_severity_says_is_a_problem_or_a_hint():
    assert Finding("X01", "error").outcome == Finding("X01", "warning").outcome == PROBLEM
    assert Finding("X01", "note").outcome == HINT
    assert Finding("X01", outcome=PASSED).severity == ""


def test_each_of_the_six_outcomes_comes_of_a_question():
    slow = rule(codes=("X05",))
    rules = [
        rule(Finding("X01", "error")),
        rule(Finding("X02", "note"), codes=("X02",)),
        rule(codes=("X03",)),
        rule(not_applicable("X04", "no_classes"), codes=("X04",)),
        slow,
        rule(Finding("X06", "warning", "id"), codes=("X06",)),
    ]
    told = outcomes(rules, muted=["X06 id"], leave_out=[slow])
    assert [told[f"X0{number}"] for number in range(1, 7)] == [
        PROBLEM,
        HINT,
        PASSED,
        NOT_APPLICABLE,
        LEFT_OUT,
        MUTED,
    ]
    assert set(told.values()) == set(OUTCOMES)


def test_a_rule_that_is_left_out_as_slow_is_not_asked():
    slow = rule()
    slow.find = lambda evidence: pytest.fail("it was asked")
    assert outcomes([slow], leave_out=[slow]) == {"X01": LEFT_OUT}


def test_a_rule_of_several_codes_passes_those_that_it_does_not_find():
    several = rule(Finding("X02", "warning"), codes=("X01", "X02"))
    assert codes_of(several) == ("X01", "X02")
    assert outcomes([several]) == {"X02": PROBLEM, "X01": PASSED}


def test_of_two_rules_that_ask_the_same_the_one_that_found_it_counts():
    silent, speaking = rule(), rule(Finding("X01", "warning"))
    for rules in ([silent, speaking], [speaking, silent]):
        assert [one.outcome for one in gather(rules, None)] == [PROBLEM]
    assert [one.outcome for one in gather([silent, silent], None)] == [PASSED]


def test_the_gravest_come_first_and_those_of_one_severity_stay_in_order():
    several = [
        Finding("X01", "note"),
        Finding("X02", "warning", "b"),
        Finding("X02", "warning", "a"),
        Finding("X03", "error"),
    ]
    told = gather([rule(*several, codes=("X01", "X02", "X03"))], None)
    assert [(one.code, one.subject) for one in told] == [
        ("X03", ""),
        ("X02", "b"),
        ("X02", "a"),
        ("X01", ""),
    ]


def test_a_subject_is_muted_alone_and_a_code_for_all_its_subjects():
    two = rule(Finding("X01", "warning", "id"), Finding("X01", "warning", "name"))
    assert [one.subject for one in found(gather([two], None, muted=["X01 id"]))] == ["name"]
    assert found(gather([two], None, muted=["X01"])) == []
    assert len(found(gather([two], None, muted=["X0", "X01 i", "id"]))) == 2


def test_serious_is_an_error_that_nobody_muted():
    assert Finding("X01", "error").is_serious
    assert not Finding("X01", "warning").is_serious
    assert not Finding("X01", "error", outcome=MUTED).is_serious


def test_of_one_column_the_gravest_is_told_and_the_others_are_named():
    gives_away, names = Finding("X02", "error", "id"), Finding("X01", "warning", "id")
    small, few = Finding("X03", "warning", "answer"), Finding("X04", "warning", "answer")
    whole = [Finding("X05", "note"), Finding("X06", "note")]
    folded = fold([gives_away, names, small, few, *whole], apart="answer")
    assert [one.finding for one in folded] == [gives_away, small, few, *whole]
    assert [one.of_the_same for one in folded] == [[names], [], [], [], []]


def test_what_is_told_of_three_columns_is_only_named_of_the_others():
    empty = [Finding("X01", "warning", f"c{number}") for number in range(10)]
    folded = fold(empty)
    assert [one.finding for one in folded] == empty[:3]
    assert folded[2].elsewhere == empty[3:]
