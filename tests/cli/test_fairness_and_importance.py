"""By group and column by column: apprenti evaluate --sensitive, apprenti diagnose --importance."""

import json

import numpy as np
import pandas as pd
import pytest

from apprenti import ledger

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def project(make_project, apprenti, tmp_path_factory):
    """A project of a table with a sensitive column, and a run."""
    random, rows = np.random.default_rng(0), 900
    group = random.choice(["left", HOSTILE], rows)
    x = (random.normal(size=rows) + 1.5 * (group == "left")).round(3)
    age = random.integers(18, 80, rows)
    label = np.where(x + random.normal(0, 0.3, rows) > 1, "yes", "no")
    table = pd.DataFrame({"x": x, "double": 2 * x, "group": group, "age": age, "label": label})
    path = tmp_path_factory.mktemp("people") / "people.csv"
    table.to_csv(path, index=False)
    settings = {"framework": "sklearn", "kind": "linear", "sensitive": ["group"]}
    folder = make_project(path, target="label", **settings).folder
    apprenti("train", folder=folder)
    return folder


@pytest.fixture(scope="module")
def evaluated(project, apprenti):
    return apprenti("evaluate", "1", "--sensitive", "age", "--json", folder=project)


@pytest.mark.slow
def test_the_test_set_is_measured_by_group_of_each_sensitive_column(project, evaluated):
    assert evaluated.status == 0
    fairness = evaluated.json["fairness"]
    assert (fairness["part"], fairness["rows"]) == ("test", evaluated.json["rows"])
    assert [one["column"] for one in fairness["columns"]] == ["group", "age"]
    groups, ages = (one["groups"] for one in fairness["columns"])
    assert {one["name"] for one in groups} == {"left", HOSTILE}
    assert [one["low"] for one in ages] == sorted(one["low"] for one in ages)
    (run,) = (project / "runs").glob("2*")
    assert json.loads((run / "test_evaluation.json").read_text())["fairness"] == fairness
    assert (run / "test_fairness.png").is_file()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_difference_is_told_in_words_without_a_verdict(language, project, evaluated, apprenti):
    said = apprenti("evaluate", "1", "--no-picture", folder=project, language=language)
    wanted = {
        "en": ("Demographic parity difference", "more often for left than for"),
        "fr": ("Écart de parité démographique", "plus souvent pour left que pour"),
    }
    words = " ".join(said.out.split())
    assert all(one in words for one in wanted[language])
    assert HOSTILE in words
    assert not {"unfair", "fair", "équitable", "inéquitable"} & {*words.lower().split()}


def test_a_column_that_is_not_there_is_refused_before_the_test_set_is_opened(project, apprenti):
    before = len(ledger.read(project).lines)
    said = apprenti("evaluate", "1", "--sensitive", "grup", folder=project)
    assert said.status == 1 and "Did you mean" in said.err and "group" in said.err
    assert len(ledger.read(project).lines) == before


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_a_run_relies_on_is_told_with_two_pictures(language, project, apprenti):
    said = apprenti("diagnose", "1", "--importance", folder=project, language=language)
    assert said.status == 0
    wanted = {
        "en": ("Permutation importance", "x, double", "Partial dependence"),
        "fr": ("Importance par permutation", "x, double", "Dépendance partielle"),
    }
    assert all(one in said.out for one in wanted[language])
    (run,) = (project / "runs").glob("2*")
    assert (run / "importance.png").is_file() and (run / "dependence.png").is_file()


def test_from_python_measures_by_group_are_a_table(project):
    import apprenti

    found = apprenti.evaluate("last", project=project, sensitive=["age"]).by_group
    assert {*found["column"]} == {"group", "age"}
    chosen = found[(found["group"] == HOSTILE) & (found["measure"] == "recall")]
    assert chosen["low"].item() <= chosen["value"].item() <= chosen["high"].item()


def test_from_python_it_is_a_table_and_a_picture(project):
    import apprenti

    found = apprenti.explain_model("last", project=project)
    assert found.frame.loc["x + double", "low"] > 0 and "age" in found.frame.index
    assert {"column", "class", "value", "mean"} <= {*found.dependence.columns}
    assert found.plot().axes
