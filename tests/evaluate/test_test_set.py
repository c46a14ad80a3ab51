"""The test set is opened by a run's own script once the ledger says so, and can be read again."""

import contextlib
import json
import shutil
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest

from apprenti import ledger, runs
from apprenti.errors import ApprentiError, RunDamaged
from apprenti.evaluate import test_set
from apprenti.evaluate.test_set import open_test_set
from apprenti.project import load
from apprenti.train.settle import settle

pytestmark = pytest.mark.usefixtures("copies")


@pytest.fixture(scope="module")
def trained(make_project, train, table_csv):
    """A project with a run and the two simple models, of 300 rows: copied, never opened."""
    data = {"target": "réponse", "kind": "boosting", "framework": "sklearn"}
    made = make_project(table_csv, **data)
    for kind in ("boosting", "trivial", "linear"):
        train(make_project(table_csv, folder=made.folder, **{**data, "kind": kind}))
    return make_project(table_csv, folder=made.folder, **data)


@pytest.fixture
def project(trained, tmp_path):
    """A copy of it, for this test alone."""
    return load(shutil.copytree(trained.folder, tmp_path / "project"))


def run_of(project, kind="boosting"):
    return next(run for run in runs.all_runs(project.runs_folder) if run.model == kind)


@pytest.mark.slow
def test_what_is_found_is_what_evaluate_py_left_and_can_be_read_again(project):
    run = run_of(project)
    found = open_test_set(run, by="ada")
    said = json.loads((run.folder / ledger.MEASURES).read_text())
    assert found.rows == said["rows"] == 45
    assert found.main.value == pytest.approx(said["test_accuracy"])
    assert [one.other for one in found.verdicts] == [
        run_of(project, kind).name for kind in ("trivial", "linear")
    ]
    again = test_set.read(run)
    assert list(again.measures) == list(found.measures)
    assert list(again.verdicts) == list(found.verdicts)
    assert again.opening == found.opening and not again.edited
    assert again.as_json() == found.as_json()


def test_the_opening_is_in_the_ledger_with_what_was_measured(project):
    found = open_test_set(run_of(project), by="ada")
    there = ledger.read(project.folder)
    (one,) = there.lines
    assert one == found.opening
    assert (one.by, one.outcome, one.settings["model.kind"]) == ("ada", "measured", "boosting")
    assert one.measures["accuracy"] == found.main.value
    assert one.data == run_of(project).environment["hashes"]["data"]
    assert not there.troubles


@pytest.mark.slow
def test_a_run_that_is_made_afterwards_remembers_the_ledger_and_is_labelled(project, train):
    assert not open_test_set(run_of(project)).selected_on_test
    later = train(project)
    assert later.environment["ledger"] == ledger.read(project.folder).stamp
    assert open_test_set(later).selected_on_test
    assert not test_set.read(run_of(project)).selected_on_test
    assert not ledger.read(project.folder).troubles


def test_predictions_that_were_edited_afterwards_are_named(project):
    run = run_of(project)
    open_test_set(run)
    path = run.folder / "test_predictions.csv"
    path.write_text(path.read_text().replace("oui", "non", 1))
    assert test_set.read(run).edited == ["test_predictions.csv"]


def test_without_an_evaluation_there_is_nothing_to_read(project):
    assert test_set.read(run_of(project)) is None


JUNK = ("x", None, -1, [], {}, [[1]])


def test_a_file_of_an_evaluation_that_was_meddled_with_is_a_damaged_one(project):
    run = run_of(project)
    open_test_set(run)
    path = run.folder / ledger.EVALUATION
    sound = json.loads(path.read_text())
    for name in ("opening", "measures", "against", "optimism", "calibration", "segments", "files"):
        for junk in JUNK:
            path.write_text(json.dumps({**sound, name: junk}))
            with contextlib.suppress(RunDamaged):
                test_set.read(run, 0).as_json()
    for name in ("name", "indicative", "value"):
        measures = [{**sound["measures"][0], name: "x"}]
        path.write_text(json.dumps({**sound, "measures": measures}))
        with pytest.raises(RunDamaged):
            test_set.read(run)


# ---- What cannot be evaluated is said before anything is opened


def refused(run):
    with pytest.raises(ApprentiError) as caught:
        open_test_set(run)
    assert not ledger.read(run.folder.parent.parent).lines
    assert not (run.folder / "test_predictions.csv").exists()
    return caught.value.key


def test_data_that_changed_since_are_not_evaluated(make_project, train, table_csv, tmp_path):
    path = tmp_path / "table.csv"
    path.write_bytes(table_csv.read_bytes())
    settings = {"target": "réponse", "kind": "linear", "framework": "sklearn"}
    run = train(make_project(path, **settings))
    path.write_bytes(path.read_bytes().replace(b"True", b"False", 1))
    assert refused(run) == "test_data_changed"
    path.unlink()
    assert refused(run) == "source_missing"


def test_where_no_row_was_set_aside_it_says_what_to_do(make_project, train):
    run = train(make_project("wine", kind="linear", framework="sklearn", **{"data.split.test": 0}))
    assert refused(run) == "no_test_set"


def test_a_script_that_was_edited_needs_trust_and_what_it_shows_is_recorded(project):
    run = run_of(project)
    path = run.folder / "evaluate.py"
    path.write_text(path.read_text() + "\nprint('more')\n")
    assert refused(run) == "script_unknown"
    assert open_test_set(run, trusted=True).opening.outcome == ledger.MEASURED


@pytest.mark.parametrize("name", ["weights", "evaluate.py"])
def test_what_is_missing_is_said(name, project):
    run = run_of(project)
    path = run.weights if name == "weights" else run.folder / name
    path.unlink()
    assert refused(run) == {"weights": "no_model"}.get(name, "run_before_evaluate")


def test_a_damaged_model_is_explained_and_the_opening_showed_nothing(project):
    run = run_of(project)
    run.weights.write_bytes(b"nothing")
    with pytest.raises(ApprentiError) as caught:
        open_test_set(run)
    assert caught.value.key == "model_damaged"
    (one,) = ledger.read(project.folder).lines
    assert one.outcome == ledger.FAILED and not one.counts
    assert test_set.read(run) is None


def test_a_simple_model_that_fails_is_left_out_and_named(project):
    simple = run_of(project, "linear")
    simple.weights.write_bytes(b"nothing")
    found = open_test_set(run_of(project))
    assert list(found.left_out) == [simple.name]
    assert [one.other for one in found.verdicts] == [run_of(project, "trivial").name]


# ---- Several at once, and killed

COMMAND = """
import sys
from pathlib import Path
from apprenti.evaluate.test_set import open_test_set
from apprenti.project import load
from apprenti.runs import Run
open_test_set(Run(Path(sys.argv[1])))
"""


def evaluation_of(run):
    return subprocess.Popen([sys.executable, "-c", COMMAND, str(run.folder)])


@pytest.mark.slow
def test_two_evaluations_at_once_lose_no_line_and_both_are_whole(project):
    chosen = [run_of(project, kind) for kind in ("trivial", "linear")]
    under_way = [evaluation_of(run) for run in chosen]
    assert [one.wait() for one in under_way] == [0, 0]
    there = ledger.read(project.folder)
    assert sorted(one.run for one in there.lines) == sorted(run.name for run in chosen)
    assert not there.troubles
    assert all(test_set.read(run) is not None for run in chosen)


@pytest.mark.few(2)
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("kind", [signal.SIGKILL, signal.SIGINT], ids=["kill", "ctrl_c"])
def test_an_opening_is_recorded_before_a_row_is_read(kind, project):
    run = run_of(project)
    path = run.folder / "evaluate.py"
    path.write_text(path.read_text().replace("def main(", "import time\ntime.sleep(10)\ndef main("))
    slow = COMMAND.replace("1]))", "1])), trusted=True")
    under_way = subprocess.Popen([sys.executable, "-c", slow, str(run.folder)])
    while not ledger.read(project.folder).lines:
        time.sleep(0.05)
        assert under_way.poll() is None
    time.sleep(0.5)
    under_way.send_signal(kind)
    assert under_way.wait(timeout=30) != 0
    (one,) = ledger.read(project.folder).lines
    assert one.outcome == (ledger.OPENED if kind == signal.SIGKILL else ledger.STOPPED)
    assert one.counts and not ledger.read(project.folder).troubles
    assert test_set.read(run) is None


def test_nothing_else_in_the_folder_of_a_run_changes(project):
    run = run_of(project)
    before = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    open_test_set(run)
    after = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    new = {path.name for path in after.keys() - before.keys()} - {".lock"}
    assert new == {"test_predictions.csv", ledger.MEASURES, ledger.EVALUATION}
    assert {path: after[path] for path in before} == before
    settle(run)
    assert len(pd.read_csv(run.folder / "test_predictions.csv")) == 45
