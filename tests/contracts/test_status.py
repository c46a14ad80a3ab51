"""A script says how it ended, and says it last: what has no status was killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

import fork_server
from apprenti.train.plan import plan

FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
CHECKPOINT = dict(
    zip(FRAMEWORKS, ("checkpoint.pt", "checkpoint.npz", "checkpoint.npz"), strict=True)
)
FLAGS = (sys.executable, "-I", "-X", "utf8")


def status(folder):
    return json.loads((folder / "status.json").read_text(encoding="utf-8"))


def test_the_status_is_the_last_that_a_script_writes(combination, twice):
    folder = twice(*combination).alone
    written = {
        path: path.stat().st_mtime_ns
        for path in [*folder.glob("*.csv"), *folder.glob("*.npz"), *folder.glob("model/*")]
        if path.name.startswith(("history", "predictions")) or path.parent.name == "model"
    }
    assert len(written) >= 4
    assert (folder / "status.json").stat().st_mtime_ns >= max(written.values())
    assert status(folder) == {"status": "finished", "epochs": epochs_of(folder)}


def epochs_of(folder):
    return len((folder / "history.csv").read_text(encoding="utf-8").splitlines()) - 1


@pytest.fixture
def begun(tiny_project, tmp_path):
    """begun("pytorch"): a script under way that would go on for hours, and its folder."""
    started = []

    def start(framework):
        folder = tmp_path / framework
        folder.mkdir()
        (folder / "status.json").write_text('{"status": "finished", "epochs": 7}')
        text = plan(tiny_project(framework, "mlp", "digits", epochs=100_000)).script.text
        (folder / "train.py").write_text(text, encoding="utf-8")
        process = fork_server.popen(
            [*FLAGS, "train.py"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        deadline = time.monotonic() + 120
        while not (folder / CHECKPOINT[framework]).exists():
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return process, folder

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_that_was_killed_says_nothing(begun, framework):
    process, folder = begun(framework)
    process.kill()
    process.wait()
    # Nor is the status of another run left there
    assert not (folder / "status.json").exists()
    assert (folder / CHECKPOINT[framework]).exists()


def interrupt(process):
    """Press Ctrl-C, as a person does: again where nothing has come of it.

    Where it comes while Python is in a callback whose exceptions it ignores (`__del__`, of which
    TensorFlow has many), a script of its own cannot know of it.
    """
    for _ in range(4):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(30)
    return process.wait(1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_that_was_interrupted_says_so_and_keeps_its_epochs(begun, framework):
    process, folder = begun(framework)
    interrupt(process)
    assert status(folder) == {"status": "interrupted", "epochs": epochs_of(folder)}
    assert (folder / CHECKPOINT[framework]).exists()
    assert (folder / "predictions.csv").exists()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_script_that_failed_says_so(tiny_project, tmp_path, framework):
    text = plan(tiny_project(framework, "mlp", "arrays-images")).script.text
    (tmp_path / "train.py").write_text(text, encoding="utf-8")
    done = fork_server.run([*FLAGS, "train.py"], cwd=tmp_path)
    assert done.returncode == 1
    assert "No images.npz here" in done.stderr
    assert status(tmp_path) == {"status": "failed", "epochs": 0}
    assert {path.name for path in tmp_path.iterdir()} == {"train.py", "status.json"}
