"""apprenti eject: what it writes where, and what it says of it."""

import pytest

NEEDED = {"essential.py": "scikit-learn", "train.py": "skops", "essential.ipynb": "matplotlib"}


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("options", "program"),
    [
        ((), "train.py"),
        (("--essential",), "essential.py"),
        (("--notebook",), "essential.ipynb"),
        (("--essential", "--notebook"), "essential.ipynb"),
    ],
    ids=str,
)
def test_eject_writes_the_program_and_what_it_needs(apprenti, mine, tmp_path, options, program):
    folder = tmp_path / "mine"
    said = apprenti("eject", "last", folder, *options, "--json", folder=mine)
    assert said.status == 0, said.err
    files = [folder / program, folder / "requirements.txt"]
    (run,) = [
        one["run"] for one in apprenti("runs", "show", "last", "--json", folder=mine).json["runs"]
    ]
    assert said.json == {"run": run, "files": [str(path) for path in files], "data": None}
    assert sorted(path.name for path in folder.iterdir()) == sorted(path.name for path in files)
    assert NEEDED[program] in files[1].read_text(encoding="utf-8")


def test_eject_says_what_to_do_with_a_script_and_with_a_notebook(apprenti, mine, tmp_path):
    script = apprenti("eject", "last", tmp_path / "a", "--essential", folder=mine).out
    notebook = apprenti("eject", "last", tmp_path / "b", "--notebook", folder=mine).out
    assert "run essential.py" in " ".join(script.split())
    assert "open essential.ipynb in Jupyter" in " ".join(notebook.split())


def test_a_run_without_a_short_form_says_what_to_take_instead(apprenti, mine, tmp_path):
    (last,) = mine.glob("runs/*-003-*")
    (last / "essential.py").unlink()
    said = apprenti("eject", "last", tmp_path / "a", "--essential", folder=mine)
    assert said.status == 1
    assert "has no essential.py" in said.err
    assert f"apprenti eject {last.name} DEST" in " ".join(said.err.split())
