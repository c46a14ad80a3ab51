"""A training that diverges says so, ends with no usable model, and says what to change."""

import json
import math
import re
import shutil
from pathlib import Path

import pytest

import apprenti
from apprenti import runs
from apprenti.errors import ApprentiError
from apprenti.runs import all_runs

CASES = Path(__file__).parents[1] / "cases"


@pytest.fixture
def project(tmp_path):
    shutil.copy(CASES / "two_numbers.csv", tmp_path)
    lines = ['[data]\nsource = "two_numbers.csv"\ntarget = "y"', "[model]\nhidden_units = [8]"]
    lines.append('[train]\noptimizer = "sgd"\nlearning_rate = 100.0')
    (tmp_path / "apprenti.toml").write_text("\n".join(lines), encoding="utf-8")
    return tmp_path


def refused(call, *arguments, **settings):
    with pytest.raises(ApprentiError) as caught:
        call(*arguments, **settings)
    assert all(part and "{" not in part for part in caught.value.parts())
    return caught.value


@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_a_network_that_diverges_ends_as_such_and_is_used_for_nothing(framework, project):
    error = refused(apprenti.train, project, framework=framework)
    assert (error.key, error.values["smaller"]) == ("run_diverged", "0.01")
    (run,) = all_runs(project / "runs")
    assert run.status == "diverged"
    assert json.loads((run.folder / "status.json").read_text())["status"] == "diverged"
    assert len(run.history) < 20
    assert refused(apprenti.train, project, resume=run).key == "run_diverged"
    given = str(project / "two_numbers.csv")
    assert refused(apprenti.predict, run, given).key == "model_diverged"


def test_where_scikit_learn_gives_up_by_itself_the_cause_is_told(project):
    assert refused(apprenti.train, project, framework="sklearn").key == "solver_diverged"


@pytest.mark.parametrize(
    ("learned", "lost"),
    [(math.nan, True), (math.inf, True), (1e9, True), (30.0, False), (0.5, False)],
)
def test_a_loss_that_is_no_number_or_beyond_all_measure_is_divergence(learned, lost):
    row = {"train_loss": learned, "valid_loss": 1.0}
    assert runs.has_diverged(row) is lost


@pytest.mark.parametrize("trains", ["pytorch/train", "tensorflow/train", "sklearn/train_epochs"])
def test_scripts_and_the_workbench_have_one_limit(trains):
    block = Path(apprenti.__file__).parent / "backends" / f"{trains}.py"
    (limit,) = re.findall(r"""\["train_loss"\] < (\S+):""", block.read_text(encoding="utf-8"))
    assert float(limit) == runs.LARGEST_LOSS
