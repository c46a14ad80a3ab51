"""apprenti evaluate: an opening is announced and recorded, and its label follows a run."""

import json

import pytest

from apprenti import ledger


@pytest.fixture
def project(make_project, apprenti):
    made = make_project("iris", framework="sklearn", kind="tree")
    apprenti("train", folder=made.folder)
    return made.folder


def test_the_first_opening_is_announced_and_asks_nothing(apprenti, project):
    said = apprenti("evaluate", folder=project)
    assert said.status == 0
    assert "This opens the test set for the first time." in said.out
    assert "Opening 1 of the test set" in said.out
    (one,) = ledger.read(project).lines
    assert one.outcome == ledger.MEASURED
    assert (project / "runs" / one.run / "test_confusion.png").exists()
    assert "opened 1 time before" in " ".join(apprenti("evaluate", folder=project).out.split())


def test_without_a_run_it_is_the_best_on_the_validation_set(apprenti, project):
    apprenti("train", "--set", "max_depth=1", folder=project)
    said = apprenti("evaluate", "--json", folder=project)
    assert said.json["number"] == 1


@pytest.mark.slow
def test_a_run_made_afterwards_bears_the_label_wherever_it_is_shown(apprenti, project):
    apprenti("evaluate", "1", folder=project)
    made = apprenti("train", "--set", "max_depth=2", folder=project)
    assert "Selected on the test set" in made.out
    assert "†" in apprenti("runs", folder=project).out
    assert "Selected on the test set" in apprenti("runs", "show", "2", folder=project).out
    assert "Selected on the test set" not in apprenti("runs", "show", "1", folder=project).out
    assert "†" in apprenti("runs", "compare", "1", "2", folder=project).out
    assert "Selected on the test set" in apprenti("evaluate", "2", folder=project).out
    assert "selected on the test set" in " ".join(apprenti(folder=project).out.split())
    listed = apprenti("runs", "--json", folder=project).json["runs"]
    assert [one["selected_on_test"] for one in listed] == [False, True]


@pytest.mark.slow
def test_runs_show_tells_the_test_figure_or_how_to_get_it(apprenti, project):
    assert "apprenti evaluate 1" in apprenti("runs", "show", "1", folder=project).out
    found = apprenti("evaluate", "1", "--json", folder=project).json
    assert (
        "On the test set (22 rows): accuracy" in apprenti("runs", "show", "1", folder=project).out
    )
    (shown,) = apprenti("runs", "show", "1", "--json", folder=project).json["runs"]
    assert shown["test"]["measures"] == found["measures"]


@pytest.mark.slow
def test_what_is_wrong_with_the_ledger_is_told_where_the_project_stands(apprenti, project):
    apprenti("evaluate", "1", folder=project)
    path = project / ledger.FILE
    lines = path.read_text().splitlines()
    entry = json.loads(lines[0])
    lines[0] = json.dumps({**entry, "by": "nobody"})
    path.write_text("\n".join(lines) + "\n")
    for words in ((), ("evaluate", "--ledger"), ("evaluate", "1", "--no-picture")):
        said = " ".join(apprenti(*words, folder=project).out.split())
        assert "ledger.jsonl, line 1: it was edited after it was written." in said, words
    (trouble,) = apprenti("evaluate", "--ledger", "--json", folder=project).json["troubles"]
    assert (trouble["kind"], trouble["line"]) == ("edited", 1)
    path.unlink()
    assert "ledger.jsonl is missing" in " ".join(apprenti(folder=project).out.split())


def test_costs_choose_a_threshold_and_are_refused_before_anything_is_opened(apprenti, project):
    assert apprenti("evaluate", "--cost", "missed=1", folder=project).status == 1
    assert apprenti("evaluate", "--cost", "missed=1,false_alarm=2", folder=project).status == 1
    assert not ledger.read(project).lines


@pytest.mark.few(1)
@pytest.mark.parametrize("words", [("1",), ("--cost", "missed=1,false_alarm=1"), ("--by", "a")])
def test_the_ledger_is_shown_alone(words, apprenti, project):
    said = apprenti("evaluate", "--ledger", *words, "--json", folder=project)
    assert said.json["error"]["key"] == "ledger_alone"


@pytest.mark.few(1)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_names_from_elsewhere_are_shown_as_text(language, apprenti, project):
    apprenti("evaluate", "1", "--by", "<b>x</b>\x1b[31m", folder=project)
    said = apprenti("evaluate", "--ledger", folder=project, language=language)
    assert "<b>x</b>" in said.out and "\x1b" not in said.out
