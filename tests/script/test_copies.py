"""Copies of one process: the same results as fresh processes, and the same ends."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from apprenti.script.copies import POSSIBLE, Copier
from apprenti.train import one_run
from apprenti.train.plan import plan

linux_only = pytest.mark.skipif(not POSSIBLE, reason="copies of a process need Linux")

pytestmark = [linux_only, pytest.mark.usefixtures("processes")]


@pytest.fixture(scope="module")
def copier():
    with closing(Copier({"sklearn"})) as made:
        made.wait()
        yield made


@pytest.fixture
def started(copier, tmp_path):
    """Start a script in a copy, and return the copy and the folder of its two outputs."""

    def start(text, **environment):
        (tmp_path / "train.py").write_text(text)
        with open(tmp_path / "out", "wb") as out, open(tmp_path / "err", "wb") as errors:
            return copier.open(
                "sklearn",
                ["python", "-I", "train.py"],
                cwd=tmp_path,
                env={**os.environ, **environment},
                stdout=out,
                stderr=errors,
            )

    return start


def test_a_script_says_what_it_would_in_a_process_of_its_own(started, tmp_path):
    child = started(
        "import os, sys\n"
        "print(__name__, sys.argv, os.environ['MINE'], os.path.samefile('.', __file__ + '/..'))\n"
        "print('wrong', file=sys.stderr)\n"
        "sys.exit(3)\n".replace("__file__ + '/..'", "os.path.dirname(os.path.abspath(__file__))"),
        MINE="yes",
    )
    assert child.wait(30) == 3
    assert (tmp_path / "out").read_text() == "__main__ ['train.py'] yes True\n"
    assert (tmp_path / "err").read_text() == "wrong\n"
    assert child.pid not in (os.getpid(), 0)


@pytest.mark.parametrize(
    ("text", "status", "told"),
    [
        ("pass\n", 0, ""),
        ("import sys; sys.exit('no')\n", 1, "no\n"),
        ("1 / 0\n", 1, "ZeroDivisionError: division by zero\n"),
        ("import os; os.kill(os.getpid(), 9)\n", -signal.SIGKILL, ""),
    ],
)
def test_a_script_ends_as_it_would_in_a_process_of_its_own(started, tmp_path, text, status, told):
    child = started(text)
    assert child.wait(30) == status
    assert child.poll() == status
    assert (tmp_path / "err").read_text().endswith(told)


def test_a_script_hears_ctrl_c_and_can_be_killed(started, tmp_path):
    wait = "import time\nprint('here', flush=True)\ntime.sleep(60)\n"
    for stop, status in (("send_signal", -signal.SIGINT), ("kill", -signal.SIGKILL)):
        child = started(wait)
        while "here" not in (tmp_path / "out").read_text():
            time.sleep(0.01)
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(0.01)
        child.send_signal(signal.SIGINT) if stop == "send_signal" else child.kill()
        assert child.wait(30) == status


@pytest.mark.slow
def test_a_run_in_a_copy_equals_one_in_a_fresh_process(copier, make_project, silent):
    project = make_project("digits", framework="sklearn", kind="boosting", n_estimators=5)
    planned = plan(project)
    made = {}
    for where in ("fresh", "copy"):
        run = one_run.create(planned, project.runs_folder)
        job = one_run.Execution(lambda run=run: one_run.begin(planned, run), silent)
        if where == "copy":
            job.start_with(lambda *given, **more: copier.open("sklearn", *given, **more))
        one_run.run_local.follow([job])
        assert job.error is None
        rows = (run.folder / "history.csv").read_text().splitlines()
        measured = [row.rpartition(",")[0] for row in rows]
        made[where] = (measured, (run.folder / "predictions.csv").read_bytes())
    assert made["fresh"] == made["copy"]


def test_other_frameworks_get_a_fresh_process(copier, tmp_path):
    (tmp_path / "train.py").write_text("")
    child = copier.open("tensorflow", ["true"], cwd=tmp_path)
    assert isinstance(child, subprocess.Popen)
    assert child.wait() == 0


@pytest.mark.slow
def test_where_the_process_was_killed_scripts_begin_in_fresh_ones(tmp_path):
    (tmp_path / "train.py").write_text("")
    with closing(Copier({"sklearn"})) as copier:
        copier.wait()
        copier._process.kill()
        copier._process.wait()
        with open(tmp_path / "out", "wb") as out:
            files = {"stdout": out, "stderr": out}
            command = [sys.executable, "train.py"]
            child = copier.open("sklearn", command, cwd=tmp_path, env=dict(os.environ), **files)
            assert child.wait(30) == 0


def test_what_is_closed_before_it_has_imported_all_is_ended():
    copier = Copier({"pytorch", "sklearn"})
    copier.close()
    assert copier._process.poll() is not None


@pytest.mark.slow
def test_scripts_outlive_whoever_asked_for_them(tmp_path):
    copier = Copier({"sklearn"})
    copier.wait()
    (tmp_path / "train.py").write_text("import time\ntime.sleep(0.5)\nopen('end', 'w').close()\n")
    with open(tmp_path / "out", "wb") as out:
        command = ["python", "train.py"]
        child = copier.open(
            "sklearn", command, cwd=tmp_path, env=dict(os.environ), stdout=out, stderr=out
        )
    copier.close()
    assert child.wait(30) == 0
    assert (tmp_path / "end").exists()
