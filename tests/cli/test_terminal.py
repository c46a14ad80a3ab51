"""What the terminal, the shell and the user's hands may do to a command."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from apprenti import runs

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals and shells")
APPRENTI = [sys.executable, "-m", "apprenti"]


@pytest.fixture
def endless(make_project):
    """A project whose training would take hours."""
    return make_project("digits", framework="sklearn", epochs=100_000, hidden_units=[4])


@pytest.fixture
def begin(endless):
    """begin("--json"): start that training; whatever becomes of the test, it ends with it."""
    begun = []

    def start(*words):
        command = [*APPRENTI, "train", "--project", str(endless.folder), *words]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        begun.append(subprocess.Popen(command, **pipes))
        return begun[-1]

    yield start
    for process in begun:
        with process:
            process.terminate()


def wait_for_an_epoch(project):
    limit = time.monotonic() + 300
    while not any(run.history for run in runs.all_runs(project.runs_folder)):
        assert time.monotonic() < limit
        time.sleep(0.05)


@pytest.mark.slow
@posix_only
def test_a_time_limit_ends_a_run_properly(process, endless):
    # A busy machine may need longer to begin than the limit gives it
    for limit in (4, 8, 16, 32):
        start = time.monotonic()
        said = process("train", "--time-limit", str(limit), "--json", folder=endless.folder)
        assert time.monotonic() - start < limit + 40
        if said.status == 0:
            break
    assert said.status == 0, said.err
    (told,) = said.json["runs"]
    run = runs.find(endless.runs_folder, "last")
    assert told["status"] == run.status == runs.INTERRUPTED
    assert run.weights
    assert (run.folder / "predictions.csv").exists()
    assert told["epoch"] == len(run.history) > 0
    assert f"--resume {run.name}" in process("runs", "last", folder=endless.folder).out


@pytest.mark.slow
@posix_only
def test_a_time_limit_too_short_for_one_epoch_is_told(process, endless):
    said = process("train", "--time-limit", "0.1", folder=endless.folder)
    assert said.status == 1
    assert "before the end of the first epoch" in said.err


@posix_only
@pytest.mark.parametrize(
    ("language", "words", "todo"),
    [
        pytest.param("en", "by hand", "What to do", marks=pytest.mark.slow),
        ("fr", "à la main", "Que faire"),
    ],
)
def test_ctrl_c_keeps_what_was_learned_and_says_how_to_go_on(endless, begin, language, words, todo):
    process = begin("--json", "--lang", language)
    wait_for_an_epoch(endless)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    run = runs.find(endless.runs_folder, "last")
    assert process.returncode == 130
    assert set(json.loads(out)) == {"error", "runs"}
    assert "Traceback" not in err
    what, *_, last = err.splitlines()[-2:]
    assert what.startswith("■ ")
    assert words in what
    assert run.name in what
    assert todo in last
    assert f"apprenti train --resume {run.name}" in last


@pytest.mark.slow
@posix_only
def test_a_run_under_way_is_neither_deleted_nor_resumed(apprenti, endless, begin):
    first = begin()
    wait_for_an_epoch(endless)
    under_way = runs.find(endless.runs_folder, "last")
    deleting = apprenti("runs", "last", "--delete", folder=endless.folder)
    resuming = apprenti("train", "--resume", "last", folder=endless.folder)
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=60)
    assert deleting.status == 1
    assert "still in progress" in deleting.err
    assert resuming.status == 1
    assert "still in progress" in resuming.err
    assert [run.name for run in runs.all_runs(endless.runs_folder)] == [under_way.name]
    assert first.returncode == 130


@pytest.mark.few(2)
@posix_only
@pytest.mark.parametrize("words", ["runs", "runs --json", "--help", "runs last", ""])
def test_whoever_stops_listening_causes_no_traceback(trained, words):
    python = f"'{sys.executable}' -m apprenti {words} --project '{trained.folder}'"
    if words == "--help":
        python = f"'{sys.executable}' -m apprenti --help"
    # Closed before anything is written: the hardest case of `| head -1`
    done = subprocess.run(
        ["bash", "-c", f"{{ sleep 0.1; {python}; }} | true"], capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert "Exception ignored" not in done.stderr


@pytest.mark.few(3)
@pytest.mark.parametrize("words", [("runs",), ("runs", "last"), ("runs", "001", "last"), ()])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_terminal_of_ascii_gets_signs_that_it_knows(apprenti, trained, words, language):
    said = apprenti(
        *words,
        folder=trained.folder,
        language=language,
        PYTHONIOENCODING="ascii",
        PYTHONUTF8="0",
        LC_ALL="C",
    )
    assert said.status == 0
    assert said.out.isascii()
    assert "?" not in said.out


def test_an_error_reaches_a_terminal_of_ascii(apprenti, tmp_path):
    said = apprenti("train", folder=tmp_path, language="fr", PYTHONIOENCODING="ascii")
    assert said.status == 1
    assert said.err.startswith("x Il n'y a pas de fichier apprenti.toml")
    assert (
        "  Que faire : Allez dans votre projet, nommez-le avec --project, ou creez-en" in said.err
    )


NOTES = ["[/]", "[red]stop[/red]", "[link=x]", "{braces} {0}", "été « là »", ":smile:", "\\[", "-x"]


@pytest.mark.few(1)
@pytest.mark.parametrize(
    "note", [*NOTES[:2], *(pytest.param(note, marks=pytest.mark.slow) for note in NOTES[2:])]
)
def test_a_note_is_shown_as_it_was_written(apprenti, mine, note):
    words = ("runs", "001", f"--note={note}")
    assert apprenti(*words, folder=mine).status == 0
    assert note in apprenti("runs", folder=mine).out
    assert note in apprenti("runs", "001", folder=mine).out
    listed = apprenti("runs", "001", "--json", folder=mine).json["runs"]
    assert listed[0]["note"] == note


TINY = """
with open("history.csv", "w") as file:
    file.write("epoch,valid_loss,valid_accuracy\\n1,0.5,0.8\\n")
"""


def test_names_with_brackets_are_shown_as_they_are(apprenti, make_project, images_npz, tmp_path):
    script = tmp_path / "[bold]mine.py"
    script.write_text(TINY)
    for source in ("[red] data.npz", "data [1].npz"):
        (tmp_path / source).write_bytes(images_npz.read_bytes())
        make_project(source, folder=tmp_path)
        said = apprenti("train", script, folder=tmp_path)
        assert said.status == 0, said.err
        assert "[bold]mine" in said.out
        assert source in apprenti(folder=tmp_path).out
    compared = apprenti("runs", "001", "002", folder=tmp_path).out
    assert "[red] data.npz" in compared
    assert "data [1].npz" in compared


def test_a_project_may_lie_in_a_folder_with_any_name(apprenti, tmp_path):
    folder = tmp_path / "mon été [1] {x} 'q'"
    assert apprenti("new", folder, "--data", "digits", folder=tmp_path).status == 0
    words = ("--framework", "sklearn", "--set", "model.kind=trivial")
    said = apprenti("train", "--project", folder, *words, folder=tmp_path)
    assert said.status == 0, said.err
    assert runs.all_runs(folder / "runs")[0].status == runs.FINISHED
    assert apprenti("--project", folder, folder=tmp_path).out.startswith("mon été [1] {x} 'q'")
    # Neither colours nor bars: this is no terminal
    assert "trivial baseline, scikit-learn: loss" in said.err
    assert not {"\x1b", "\r"} & set(said.out + said.err)
