"""A model that the framework of the project does not have is trained in one that has it."""

import pandas as pd
import pytest

from apprenti import optional
from apprenti.errors import ApprentiError
from apprenti.model import catalogue
from apprenti.train.plan import plan
from apprenti.train.trials import trials


@pytest.mark.parametrize("kind", ["forest", "extra_trees", "trivial"])
def test_a_model_that_one_framework_alone_has_implies_that_framework(make_project, kind):
    planned = plan(make_project("iris", kind=kind), ["model.kind"])
    assert planned.choices.train.framework == "sklearn"
    assert "sklearn" in planned.script.text


def test_a_framework_that_was_asked_for_is_not_replaced(make_project):
    with pytest.raises(ApprentiError) as caught:
        plan(make_project("iris", kind="forest"), ["model.kind", "train.framework"])
    assert caught.value.key == "model_not_offered"
    assert "framework=sklearn" in caught.value.parts()[2]


def test_the_framework_of_the_project_stays_where_it_has_the_model(make_project):
    for framework in ("pytorch", "tensorflow", "sklearn"):
        planned = plan(make_project("iris", kind="mlp", framework=framework))
        assert planned.choices.train.framework == framework


def test_of_two_that_have_it_the_one_that_is_installed_is_taken(make_project, monkeypatch):
    project = make_project("digits", kind="cnn", framework="sklearn")
    assert plan(project).choices.train.framework == "pytorch"
    monkeypatch.setattr(optional, "version", lambda name: None if name == "pytorch" else "9")
    assert catalogue.framework_of("cnn", "sklearn") == "tensorflow"
    monkeypatch.setattr(optional, "version", lambda name: None)
    assert catalogue.framework_of("cnn", "sklearn") == "pytorch"


def test_trials_of_a_model_are_trained_where_it_is(make_project):
    project = make_project("iris", kind="tree")
    (made,) = trials(project, [{"max_depth": 2}])
    assert made.status == "finished"


def test_rows_without_a_target_are_left_out_by_the_scripts_of_a_table_that_has_some(
    make_project, table_csv, tmp_path
):
    table = pd.read_csv(table_csv)
    table.loc[3, "réponse"] = None
    table.to_csv(tmp_path / "gaps.csv", index=False)
    for path, has_gaps in ((table_csv, False), (tmp_path / "gaps.csv", True)):
        files = plan(make_project(path, framework="pytorch", kind="mlp", target="réponse")).files
        for name in ("train.py", "essential.py"):
            assert ("dropna" in files[name]) == has_gaps
        # Those that open the data of another day leave them out in any case
        assert "dropna" in files["evaluate.py"]
