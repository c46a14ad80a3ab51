"""The table of measures: the score of a task, which way it is good, how it is written."""

import ast
import re
from pathlib import Path

import pytest

import apprenti
from apprenti.language import LANGUAGES, choose
from apprenti.measures import MEASURES, common_score, main_score, measure_named, of_task
from apprenti.tasks import TASKS

SOURCES = Path(apprenti.__file__).parent


def test_the_main_score_is_the_first_measure_of_a_task():
    assert of_task("classification").name == of_task(None).name == "accuracy"
    assert of_task("regression").name == "r2"
    assert {of_task(task.name).name for task in TASKS} <= {measure.name for measure in MEASURES}
    with pytest.raises(KeyError):
        of_task("astrology")


@pytest.mark.parametrize(
    ("name", "value", "english", "french"),
    [
        ("accuracy", 0.97254, "97.25%", "97,25\N{NARROW NO-BREAK SPACE}%"),
        ("r2", 0.48349, "0.483", "0,483"),
        ("loss", 1.23456, "1.2346", "1,2346"),
        ("accuracy", None, "", ""),
    ],
)
def test_a_value_is_written_as_people_read_it(name, value, english, french):
    choose("en")
    assert measure_named(name).written(value) == english
    choose("fr")
    assert measure_named(name).written(value) == french


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_can_be_written_in_both_languages(language):
    choose(language)
    assert all(re.search(r"\d", measure.written(0.5)) for measure in MEASURES)


def test_the_better_of_two_values_is_the_one_of_more_goodness():
    assert measure_named("r2").goodness(0.5) > measure_named("r2").goodness(0.4)
    assert measure_named("loss").goodness(0.4) > measure_named("loss").goodness(0.5)


def test_the_score_of_a_history_is_known_by_its_columns():
    assert main_score({"epoch", "valid_loss", "valid_r2"}).name == "r2"
    assert main_score({"epoch", "train_accuracy"}) is None
    own_script, numbers = {"epoch", "valid_mape"}, {"valid_r2"}
    assert common_score([own_script, numbers]).name == "r2"
    assert common_score([own_script]).name == "accuracy"


def literals(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_nobody_else_asks_whether_it_is_accuracy_or_r2():
    # What may stand in [goal] is declared where all settings are
    may = ("measures.py", "tasks.py", "project.py", "backends/", "texts/")
    asking = [
        (place, literal)
        for path in sorted(SOURCES.rglob("*.py"))
        if not (place := path.relative_to(SOURCES).as_posix()).startswith(may)
        for literal in literals(path)
        if re.fullmatch(r"(?:train_|valid_)?(?:accuracy|r2)", literal)
    ]
    assert asking == []
    # The search finds what it looks for
    assert "accuracy" in set(literals(SOURCES / "tasks.py"))
