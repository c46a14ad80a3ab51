"""What ran leaves Apprenti: the same script, its short form, or a notebook that runs."""

import csv
import shutil
from importlib.metadata import version

import nbformat
import pytest

from apprenti.errors import ApprentiError
from apprenti.export.eject import eject
from apprenti.runs import Run


@pytest.fixture(scope="module")
def run(make_project, train):
    return train(make_project("digits", epochs=2, hidden_units=[8]))


@pytest.fixture(scope="module")
def baseline(make_project, train):
    return train(make_project("digits", framework="sklearn", kind="trivial"))


def test_an_ejected_script_is_the_script_that_ran_byte_for_byte(run, tmp_path):
    ejected = eject(run, tmp_path / "mine")
    assert (tmp_path / "mine" / "train.py").read_bytes() == run.script.read_bytes()
    assert [path.name for path in ejected.files] == ["train.py", "requirements.txt"]


def test_the_short_form_leaves_byte_for_byte_too(run, tmp_path):
    program, needs = eject(run, tmp_path, essential=True).files
    assert program == tmp_path / "essential.py"
    assert program.read_bytes() == (run.folder / "essential.py").read_bytes()
    names = [line.split("==")[0] for line in needs.read_text(encoding="utf-8").splitlines()]
    assert names == ["torch", "scikit-learn", "numpy"]


@pytest.mark.parametrize("notebook", [False, True])
def test_a_run_without_a_short_form_says_so(run, tmp_path, notebook):
    older = Run(shutil.copytree(run.folder, tmp_path / "older"))
    (older.folder / "essential.py").unlink()
    with pytest.raises(ApprentiError) as caught:
        eject(older, tmp_path / "mine", essential=True, notebook=notebook)
    assert caught.value.key == "no_essential"
    assert not (tmp_path / "mine").exists()


def test_a_notebook_needs_what_it_draws_with_besides(run, tmp_path):
    program, needs = eject(run, tmp_path, notebook=True).files
    assert program == tmp_path / "essential.ipynb"
    lines = needs.read_text(encoding="utf-8").splitlines()
    assert lines[-1] == f"matplotlib=={version('matplotlib')}"
    assert [line.split("==")[0] for line in lines[:-1]] == ["torch", "scikit-learn", "numpy"]


def test_the_requirements_are_pinned_to_the_versions_that_ran(run, tmp_path):
    eject(run, tmp_path)
    lines = (tmp_path / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("==")[0] for line in lines] == ["torch", "scikit-learn", "numpy"]
    versions = run.environment["versions"]
    for line in lines:
        name, version = line.split("==")
        # What follows + names a build, and another machine has another
        assert version == versions[name].partition("+")[0]


def test_the_data_to_put_beside_are_named(run, make_project, train, columns_npz, tmp_path):
    settings = {"framework": "sklearn", "kind": "trivial"}
    own_data = train(make_project(str(columns_npz), **settings))
    assert eject(own_data, tmp_path / "own").data == "columns.npz"
    assert eject(run, tmp_path / "built-in").data == ""


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ("train.py", {}),
        ("requirements.txt", {}),
        ("essential.py", {"essential": True}),
        ("essential.ipynb", {"notebook": True}),
    ],
)
def test_a_file_that_is_there_is_not_overwritten(run, tmp_path, there, asked):
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        eject(run, tmp_path, **asked)
    assert caught.value.key == "file_exists"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_to_is_told(run, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        eject(run, tmp_path / "file" / "inside")
    assert caught.value.key == "cannot_write"


@pytest.mark.slow
def test_the_notebook_of_a_whole_script_gives_the_same_history(make_project, train, tmp_path):
    from nbclient import NotebookClient

    # There is no short form of a residual network
    run = train(make_project("digits", kind="resnet", filters=[2], epochs=1))
    eject(run, tmp_path, notebook=True)
    notebook = nbformat.read(tmp_path / "train.ipynb", as_version=4)
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    assert history(tmp_path) == history(run.folder)
    assert (tmp_path / "predictions.csv").read_bytes() == (
        run.folder / "predictions.csv"
    ).read_bytes()


def history(folder):
    with open(folder / "history.csv", newline="", encoding="utf-8") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def test_a_baseline_leaves_too(baseline, tmp_path):
    eject(baseline, tmp_path)
    needs = (tmp_path / "requirements.txt").read_text(encoding="utf-8")
    assert needs.startswith("scikit-learn==")
    assert "torch" not in needs
