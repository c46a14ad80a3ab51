"""What is wrong gets a message, in three parts, and leaves the folder as it was."""

import json
import os
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest

from apprenti import cli, optional, runs
from apprenti.data import last_look

DIGITS = '[data]\nsource = "digits"\n'
ROWS = np.arange(40)


def tree(folder):
    """Return every file below a folder with its content, but what was looked for in the data."""
    paths = sorted(path for path in folder.rglob("*") if path.name != last_look.GLANCE)
    return {path: path.read_bytes() if path.is_file() else None for path in paths}


@pytest.fixture
def inside(monkeypatch, capsys):
    """inside("train", folder=...): a command in this process; returns its status, out and err."""
    before = signal.getsignal(signal.SIGTERM)

    def run(*words, folder):
        monkeypatch.chdir(folder)
        with pytest.raises(SystemExit) as left:
            cli.main(list(words))
        said = capsys.readouterr()
        return left.value.code or 0, said.out, said.err

    yield run
    signal.signal(signal.SIGTERM, before)


def check_refused(said, told, folder, before):
    status, out, err = said
    assert status == 1, err
    if out:
        # Of --json, and nothing else
        error = json.loads(out)["error"]
        assert set(error) == {"key", "what", "why", "todo"}
        assert all(error.values())
        assert error["what"] in err
    # The words of `start` before it meets the problem may stand above
    first, *others = err.splitlines()[-3:]
    assert first.startswith("✗ ")
    assert [line.split(":")[0] for line in others] == ["  Why", "  What to do"]
    assert told in err
    assert tree(folder) == before


TRAIN, JSON, COMPARE = ("train",), ("train", "--json"), ("compare",)
START, HERE = ("start", "--dir", ".", "--json"), ()


@pytest.mark.parametrize("words", [TRAIN, JSON, COMPARE, START, HERE], ids=" ".join)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (DIGITS + "[train]\nepoch = 3\n", "apprenti.toml:4: there is no setting named"),
        (DIGITS + "[train]\nepochs = '3'\n", "apprenti.toml:4: train.epochs cannot be '3'"),
        (DIGITS + "split = { vaild = 0.1 }\n", "Did you mean “valid”?"),
        (DIGITS + "[trian]\n", "Did you mean “train”?"),
        ("[data\n", "is not valid TOML"),
        ("", "the setting “data” is missing"),
    ],
)
def test_a_wrong_file_is_told_by_every_command(inside, tmp_path, words, text, told):
    (tmp_path / "apprenti.toml").write_text(text)
    before = tree(tmp_path)
    check_refused(inside(*words, folder=tmp_path), told, tmp_path, before)


@pytest.mark.parametrize("words", [TRAIN, COMPARE], ids=" ".join)
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[data]\nsource = "gone.npz"\n', "The data was not found"),
        ('[data]\nsource = "broken.npz"\n', "cannot be read as arrays"),
        ('[data]\nsource = "nan.npz"\n', "1 row(s) contain NaN"),
        (
            '[data]\nsource = "own_test.npz"\nsplit = { test = 0.2 }\n',
            "comes with its own test set",
        ),
        (DIGITS + "split = { valid = 0.5, test = 0.5 }\n", "1 are left to learn from"),
        (DIGITS + "split = { valid = 5000 }\n", "5000 would go to the validation set"),
        (DIGITS + "split = { valid = 0.0001 }\n", "0 would go to the validation set"),
        (DIGITS + "split = { test = 99999999999999999999 }\n", "are left to learn from"),
    ],
)
def test_wrong_data_are_told_before_a_run_exists(inside, tmp_path, words, text, told):
    inputs = np.zeros((40, 3))
    np.savez(tmp_path / "own_test.npz", x_train=inputs, y_train=ROWS % 2)
    inputs[3, 1] = np.nan
    np.savez(tmp_path / "nan.npz", x=inputs, y=ROWS % 2)
    (tmp_path / "broken.npz").write_bytes((tmp_path / "nan.npz").read_bytes()[:100])
    (tmp_path / "apprenti.toml").write_text(text)
    before = tree(tmp_path)
    check_refused(inside(*words, folder=tmp_path), told, tmp_path, before)


@pytest.mark.parametrize("words", [TRAIN, COMPARE, ("runs",)], ids=" ".join)
def test_a_folder_without_a_project_is_told(inside, tmp_path, words):
    check_refused(inside(*words, folder=tmp_path), "There is no apprenti.toml", tmp_path, {})


def test_a_framework_that_is_not_installed_is_told_and_how_to_install_it(
    inside, tmp_path, monkeypatch
):
    monkeypatch.setattr(optional, "version", lambda name: None)
    (tmp_path / "apprenti.toml").write_text(DIGITS)
    before = tree(tmp_path)
    said = inside("train", folder=tmp_path)
    check_refused(said, "apprenti install pytorch", tmp_path, before)


NO_TORCH = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "torch" else find(name, *more)
from apprenti.cli import main
main()
"""


def test_python_without_torch_is_told_in_french(apprenti, tmp_path):
    (tmp_path / "apprenti.toml").write_text(DIGITS)
    before = tree(tmp_path)
    said = apprenti("train", "--json", folder=tmp_path, code=NO_TORCH, language="fr")
    space = "\N{NARROW NO-BREAK SPACE}"
    assert said.status == 1
    error = json.loads(said.out)["error"]
    assert (error["key"], error["todo"][:12]) == ("framework_missing", "Installez-le")
    first, why, todo = said.err.splitlines()
    assert first == "✗ pytorch n'est pas installé dans ce Python."
    assert why.startswith(f"  Pourquoi{space}: ")
    assert todo.startswith(f"  Que faire{space}: Installez-le{space}: apprenti install pytorch")
    assert tree(tmp_path) == before


def test_a_plain_file_in_the_place_of_the_runs_is_told(inside, project):
    project.runs_folder.write_text("a file in its place")
    before = tree(project.folder)
    said = inside("train", folder=project.folder)
    check_refused(said, "cannot be written to", project.folder, before)


def test_a_project_that_may_not_be_written_in_is_told(inside, project):
    before = tree(project.folder)
    project.folder.chmod(0o555)
    try:
        if os.name == "nt" or os.access(project.folder, os.W_OK):
            pytest.skip("permissions bind neither root nor Windows")
        said = inside("train", folder=project.folder)
        check_refused(said, "cannot be written to", project.folder, before)
    finally:
        project.folder.chmod(0o755)


@pytest.mark.parametrize(
    "words",
    [("eject", "last", "there"), ("train", "--resume", "last"), ("runs", "last")],
    ids=" ".join,
)
def test_a_run_is_asked_for_where_there_is_none(inside, project, words):
    before = tree(project.folder)
    check_refused(inside(*words, folder=project.folder), "no runs", project.folder, before)


def test_wrong_usage_is_wrong_usage_in_this_process_too(inside, tmp_path):
    for words in (("train", "--nothing"), ("nothing",), ("new",), ("train", "--time-limit", "x")):
        status, out, err = inside(*words, folder=tmp_path)
        assert (status, out) == (2, "")
        assert "Usage: apprenti" in err


ENGLISH = "Input should|Missing|No such|Got unexpected|requires|unable to|Invalid|does not|Try "


@pytest.mark.parametrize(
    "words",
    [
        ("train", "--time-limit", "x"),
        ("train", "--time-limit", "-1"),
        ("train", "a.py", "b", "c"),
        ("train", "--framework"),
        ("train", "--json=3"),
        ("train", "--epochs", "3"),
        ("eject", "last"),
        ("new", "here"),
        ("nothing",),
        ("trian",),
        ("comp",),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_french_to_the_last_word(apprenti, tmp_path, words):
    said = apprenti(*words, folder=tmp_path, language="fr")
    assert (said.status, said.out) == (2, "")
    assert f"Erreur{NARROW}: " in said.err
    left = [phrase for phrase in ENGLISH.split("|") if phrase in said.err]
    assert not left, said.err


NARROW = "\N{NARROW NO-BREAK SPACE}"


# ---- A disk that is full


@pytest.fixture
def small_disk(tmp_path):
    """small_disk(kilobytes): the path of an empty disk of that size."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root on Linux can make a small disk")
    place = tmp_path / "disk"
    place.mkdir()

    def make(kilobytes):
        command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", place]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"a small disk cannot be made here: {done.stderr.strip()}")
        return place

    yield make
    subprocess.run(["umount", "--lazy", place], check=False)


@pytest.mark.parametrize("kilobytes", [8, 24, 44, 60])
def test_a_disk_that_fills_up_is_told_and_leaves_nothing_half_written(
    apprenti, small_disk, kilobytes
):
    """8: not even a folder; 24: the files of the start; 44: what was learned; 60: the curves."""
    disk = small_disk(kilobytes)
    text = DIGITS + '[model]\nkind = "linear"\n[train]\nframework = "sklearn"\niterations = 3\n'
    (disk / "apprenti.toml").write_text(text)
    said = apprenti("train", folder=disk)
    assert (said.status, said.out) == (1, "")
    assert any(words in said.err for words in ("disk was full", "cannot be written to")), said.err
    assert "What to do: " in said.err
    assert not list(disk.rglob("*.tmp"))
    assert (disk / "apprenti.toml").read_text() == text
    for run in runs.all_runs(disk / "runs"):
        # Finished is what lacks only its picture
        assert run.status in (runs.FAILED, runs.KILLED) or "curves.png cannot" in said.err
        assert not run.curves.exists()
    # With room the project goes on as if nothing had been
    subprocess.run(["mount", "-o", "remount,size=10m", str(disk)], check=True)
    assert apprenti("runs", folder=disk).status == 0
    if kilobytes == 44:
        assert apprenti("train", folder=disk).status == 0


# ---- What leaves no good numbers


def test_a_loss_that_is_no_number_is_null_in_json(inside, project):
    run = runs.create(project.runs_folder, "mlp", "pytorch")
    shutil.copy(project.folder / "apprenti.toml", run.folder / "choices.toml")
    (run.folder / "history.csv").write_text("epoch,valid_loss,valid_accuracy\n1,nan,0.1\n")
    status, out, _ = inside("runs", "--json", folder=project.folder)
    assert status == 0
    (told,) = json.loads(out, parse_constant=pytest.fail)["runs"]
    assert told["valid_loss"] is None
    assert told["valid_accuracy"] == 0.1
    for words in ((), ("runs",), ("runs", "last")):
        assert inside(*words, folder=project.folder)[0] == 0


OWN = """
import csv
class Config:
    threads: int = 2
    names: tuple = ("a", "b")
    rate: float = 1 / 3
with open("history.csv", "w", newline="") as file:
    csv.writer(file).writerows([["epoch", "score", "remark"], [1, 0.5, "good"], [2, 0.7, "better"]])
print("trained in my own way")
"""


def test_a_script_that_measures_other_things_is_recorded_all_the_same(apprenti, project, tmp_path):
    script = tmp_path / "à moi.py"
    script.write_text(OWN, encoding="utf-8")
    said = apprenti("train", script, "--json", folder=project.folder)
    assert said.status == 0, said.err
    (told,) = said.json["runs"]
    assert (told["own_measures"], told["model"]) == ({"score": 0.7, "remark": None}, "à moi")
    run = runs.find(project.runs_folder, "last")
    assert run.name.endswith("moi-sklearn")
    assert run.choices["script"] == {"threads": 2, "names": ["a", "b"]}
    assert run.environment["threads"] == 2
    for words in ((), ("runs",), ("runs", "last")):
        assert apprenti(*words, folder=project.folder).status == 0
