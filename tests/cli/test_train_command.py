"""apprenti train, new and compare, through their options, their JSON and their errors."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from apprenti import runs

KEYS = {"run", "path", "framework", "model", "seconds", "parameters"}


def last_row(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))[-1]


def test_train_says_in_json_what_the_run_is_and_its_last_row(apprenti, project):
    said = apprenti("train", "--json", folder=project.folder)
    assert said.status == 0
    (run,) = said.json["runs"]
    row = last_row(project.folder / run["path"])
    assert set(run) >= KEYS | set(row)
    for name in ("epoch", "valid_loss", "valid_accuracy", "train_loss", "train_accuracy"):
        assert run[name] == float(row[name])
    assert run["parameters"] == 650
    assert said.out.count("\n") == 1


def test_train_without_json_shows_a_table_and_where_the_run_lies(apprenti, project):
    said = apprenti("train", folder=project.folder)
    assert "logistic regression" in said.out
    assert "train.py" in said.out


def test_train_names_the_short_form_first_and_says_how_long_it_is(apprenti, project):
    said = apprenti("train", folder=project.folder)
    (run,) = runs.all_runs(project.runs_folder)
    lines = len(run.essential.read_text(encoding="utf-8").splitlines())
    files = said.out[said.out.index("The run is in") :].splitlines()[1:]
    assert [line.split()[0] for line in files[:2]] == ["essential.py", "train.py"]
    assert f"the whole training in {lines} lines" in files[0]


def test_train_names_no_short_form_where_there_is_none(apprenti, project):
    mine = project.folder / "mine.py"
    apprenti("train", folder=project.folder)
    mine.write_bytes(runs.all_runs(project.runs_folder)[0].script.read_bytes())
    said = apprenti("train", mine, folder=project.folder)
    assert said.status == 0, said.err
    assert "train.py" in said.out
    assert "essential.py" not in said.out


def test_a_setting_is_changed_for_one_run_only(apprenti, project):
    before = (project.folder / "apprenti.toml").read_bytes()
    apprenti("train", "--set", "iterations=3", "--set", "model.kind=linear", folder=project.folder)
    (run,) = runs.all_runs(project.runs_folder)
    assert run.choices["train"]["iterations"] == 3
    assert "iterations: int = 3" in run.script.read_text(encoding="utf-8")
    assert (project.folder / "apprenti.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--set", "epoch=3"), "Did you mean “epochs”?"),
        (("--set", "epochs"), "name=value"),
        (("--set", "iterations=-1"), "train.iterations cannot be -1"),
        (("--set", "iterations=many"), "cannot be 'many'"),
        (("--set", "batch_size=8"), "has no effect"),
        (("--framework", "pytroch"), "Did you mean “pytorch”?"),
        (("--framework", "pytorch", "--set", "model.kind=trivial"), "does not offer"),
        (("--resume", "last"), "no runs"),
        (("--resume", "last", "--set", "epochs=3"), "cannot be set here"),
        (("nowhere.py",), "cannot be read"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_what_cannot_be_trained_is_told_and_leaves_nothing(apprenti, project, words, told, form):
    said = apprenti("train", *words, *form, folder=project.folder)
    assert said.status == 1
    assert told in said.err
    assert "What to do: " in said.err
    assert bool(said.out) == bool(form)
    if form:
        assert list(json.loads(said.out)) == ["error"]
    assert runs.all_runs(project.runs_folder) == []


def test_an_error_is_told_in_french_too(apprenti, project):
    said = apprenti("train", "--set", "epoch=3", folder=project.folder, language="fr")
    space = "\N{NARROW NO-BREAK SPACE}"
    assert f"✗ --set{space}: aucun réglage ne s'appelle «{space}epoch{space}»." in said.err
    assert f"Que faire{space}: " in said.err


@pytest.mark.slow
def test_two_runs_at_once_in_one_project_are_two_runs(project):
    command = [sys.executable, "-m", "apprenti", "train", "--project", str(project.folder)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in "ab"]
    for process in both:
        process.communicate(timeout=120)
        assert process.returncode == 0
    made = runs.all_runs(project.runs_folder)
    # In the order in which they began, which may be another than that of their numbers
    assert {run.name.split("-")[3] for run in made} == {"001", "002"}
    assert [run.status for run in made] == [runs.FINISHED, runs.FINISHED]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_a_request_to_end_counts_as_a_stop_by_hand(make_project):
    project = make_project("digits", framework="sklearn", epochs=100_000, hidden_units=[4])
    command = [sys.executable, "-m", "apprenti", "train", "--project", str(project.folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    limit = time.monotonic() + 60
    while not any(run.history for run in runs.all_runs(project.runs_folder)):
        assert time.monotonic() < limit
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert runs.all_runs(project.runs_folder)[-1].status == runs.INTERRUPTED


# Somebody's own script


def test_an_edited_script_is_run_and_recorded_the_same_way(apprenti, mine, tmp_path):
    script = runs.find(mine / "runs", "002").script.read_text(encoding="utf-8")
    edited = tmp_path / "my_script.py"
    edited.write_text(
        script.replace("iterations: int = 5", "iterations: int = 2"), encoding="utf-8"
    )
    said = apprenti("train", edited, "--json", folder=mine)
    assert said.status == 0, said.err
    run = runs.find(mine / "runs", said.json["runs"][0]["run"])
    assert run.status == runs.FINISHED
    assert run.script.read_bytes() == edited.read_bytes()
    assert run.choices["script"]["iterations"] == 2
    assert run.parameters == 650
    assert run.environment["versions"]["numpy"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def broken(:\n", "line 1"),
        ("import a_package_that_nobody_has\n", "a_package_that_nobody_has"),
        ("raise SystemExit('no more')\n", "ended with an error"),
        ("print('nothing is trained')\n", "ended with an error"),
    ],
)
def test_a_script_that_does_not_work_is_told(apprenti, project, tmp_path, text, told):
    script = tmp_path / "mine.py"
    script.write_text(text, encoding="utf-8")
    said = apprenti("train", script, folder=project.folder)
    assert said.status == 1
    assert told in said.err


# new, compare


def test_new_makes_a_project_that_trains_as_it_is(apprenti, tmp_path, columns_npz):
    assert apprenti("new", "mine", "--data", columns_npz, folder=tmp_path).status == 0
    words = ("--framework", "sklearn", "--set", "model.kind=trivial")
    said = apprenti("train", *words, folder=tmp_path / "mine")
    assert said.status == 0, said.err


def test_new_refuses_data_that_are_not_there_and_leaves_no_folder(apprenti, tmp_path):
    said = apprenti("new", "mine", "--data", "digit", folder=tmp_path)
    assert said.status == 1
    assert "Did you mean “digits”?" in said.err
    assert list(tmp_path.iterdir()) == []


def test_new_does_not_touch_a_project_that_is_there(apprenti, project):
    before = (project.folder / "apprenti.toml").read_bytes()
    assert apprenti("new", ".", "--data", "digits", folder=project.folder).status == 1
    assert (project.folder / "apprenti.toml").read_bytes() == before


def test_a_known_set_that_is_nowhere_is_told_how_to_be_had(apprenti, tmp_path):
    elsewhere = {"APPRENTI_DATA": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    said = apprenti("new", "mine", "--data", "fashion_mnist", folder=tmp_path, **elsewhere)
    assert said.status == 1
    assert "--download" in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_compare_trains_the_baselines_and_both_frameworks(apprenti, make_project):
    project = make_project("digits", epochs=1, hidden_units=[8], iterations=5)
    said = apprenti("compare", "--json", folder=project.folder)
    assert said.status == 0, said.err
    made = [(run["framework"], run["model"]) for run in said.json["runs"]]
    assert made == [
        ("sklearn", "trivial"),
        ("sklearn", "linear"),
        ("pytorch", "mlp"),
        ("tensorflow", "mlp"),
    ]
    assert all(set(run) >= KEYS | {"valid_loss"} for run in said.json["runs"])
    counts = [run["parameters"] for run in said.json["runs"]]
    assert counts[2] == counts[3] == 64 * 8 + 8 + 8 * 10 + 10
    assert (project.folder / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_after_a_run_each_hint_is_a_line_that_can_be_pasted(apprenti, make_project):
    project = make_project("digits", framework="sklearn", kind="knn")
    first = apprenti("train", folder=project.folder)
    assert first.status == 0, first.err
    assert "  apprenti train --set n_neighbors=15\n" in first.out
    # With itself alone nothing is compared
    assert "runs compare" not in first.out
    second = apprenti("train", "--set", "n_neighbors=15", folder=project.folder)
    (line,) = (line for line in second.out.splitlines() if "runs compare" in line)
    assert line == "  apprenti runs compare 1 2"
    compared = apprenti(*line.split()[1:], "--json", folder=project.folder).json["runs"]
    assert len({run["run"] for run in compared}) == 2
    # Nor is a setting advised there that a model has not
    assert "apprenti train --set n_neighbors=5)" in apprenti(folder=project.folder).out


# apprenti alone


def test_alone_apprenti_says_where_the_project_stands(apprenti, project, trained):
    from apprenti.flow import STEPS

    new, old = (apprenti("--json", folder=p.folder).json["steps"] for p in (project, trained))
    assert [step["step"] for step in new] == list(STEPS)
    # Nobody has looked at the data of a project that was written by hand
    assert [step["state"] for step in new[:3]] == ["open", "done", "next"]
    assert [step["state"] for step in old[:3]] == ["done", "done", "done"]
    assert "apprenti train" in apprenti(folder=project.folder).out


def test_alone_and_outside_a_project_apprenti_says_how_to_begin(apprenti, tmp_path):
    said = apprenti(folder=tmp_path)
    assert said.status == 0
    assert "apprenti start" in said.out
    nothing = {"project": None, "steps": [], "serious": [], "findings": [], "diagnosis": []}
    nothing["checklist"] = None
    assert apprenti("--json", folder=tmp_path).json == nothing
