"""apprenti agree, as a user sees it; and the old spellings of compare, which lead to it."""

import signal
import subprocess
import sys
import time

import pytest

import fork_server


@pytest.fixture(scope="module")
def project(make_project):
    return make_project("digits", epochs=1, hidden_units=[8], kind="mlp")


@pytest.fixture(scope="module")
def said(project, apprenti):
    return apprenti("agree", "--json", folder=project.folder)


def test_it_ends_with_words_that_name_no_way_of_the_script(said):
    assert said.status == 0, said.err
    assert "Do PyTorch and TensorFlow agree?" in said.err and "Yes. After 40" in said.err
    assert "keras_adam" not in said.err and "float64" not in said.err
    assert "agreement.png" in said.err


def test_json_has_numbers_as_numbers_and_the_bounds(said, project):
    found = said.json
    assert found["agrees"] is True and found["bounds"]["same_class"] == 0.98
    assert (found["rows"], found["all_rows"], found["steps"]) == (1257, 1257, 40)
    last = found["ways"]["chosen"][-1]
    assert last["step"] == 40 and isinstance(last["accuracy"], float)
    assert (project.folder / found["picture"]).is_file()


@pytest.mark.slow
def test_compare_says_how_to_see_it_and_the_old_option_says_that_it_goes(project, apprenti):
    done = apprenti("compare", "--no-parity", "--json", folder=project.folder)
    assert done.status == 0, done.err
    assert "--no-parity is deprecated" in done.err and "apprenti agree" in done.err
    assert set(done.json) == {"runs", "verdicts", "findings", "diagnosis", "picture"}


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_leaves_no_weights_and_says_how_to_begin_again(make_project):
    made = make_project("digits", epochs=50)
    command = [sys.executable, "-m", "apprenti", "agree", "--lang", "en"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8"}
    folder = made.folder / "agreement"
    with fork_server.popen(command, cwd=made.folder, **pipes) as process:
        while not list(folder.glob("*/*.npz")) and process.poll() is None:
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        said = process.stdout.read()
    assert process.returncode == 130
    assert "Interrupted" in said and "Traceback" not in said
    assert not list(folder.rglob("*.npz"))
