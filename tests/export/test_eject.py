"""What ran leaves Apprenti: the same script, or a notebook of its sections that runs."""

import ast
import csv

import nbformat
import pytest

from apprenti.errors import ApprentiError
from apprenti.export.eject import as_notebook, eject


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


@pytest.mark.parametrize("there", ["train.py", "requirements.txt"])
def test_a_file_that_is_there_is_not_overwritten(run, tmp_path, there):
    (tmp_path / there).write_text("mine", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        eject(run, tmp_path)
    assert caught.value.key == "file_exists"
    assert [path.name for path in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


def test_a_place_that_cannot_be_written_to_is_told(run, tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        eject(run, tmp_path / "file" / "inside")
    assert caught.value.key == "cannot_write"


def test_a_notebook_has_one_code_cell_a_section(run):
    script = run.script.read_text(encoding="utf-8")
    notebook = nbformat.reads(as_notebook(script), as_version=4)
    nbformat.validate(notebook)
    titles = [line[5:] for line in script.splitlines() if line.startswith("# %% ")]
    headings = [c.source[3:] for c in notebook.cells if c.source.startswith("## ")]
    assert headings == titles
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    # The imports come before the first section
    assert len(code) == len(titles) + 1
    assert ast.dump(ast.parse("\n".join(code))) == ast.dump(
        ast.Module(ast.parse(script).body[1:], type_ignores=[])
    )


def test_the_same_script_gives_the_same_notebook(run):
    script = run.script.read_text(encoding="utf-8")
    assert as_notebook(script) == as_notebook(script)


def test_an_ejected_notebook_runs_from_top_to_bottom_and_gives_the_same_history(run, tmp_path):
    from nbclient import NotebookClient

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
