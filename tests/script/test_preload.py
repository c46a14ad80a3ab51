"""A process that imports a framework early: the same script, the same numbers, the same ends."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing

import pytest

from apprenti.script.preload import Preloaded
from apprenti.train import one_run
from apprenti.train.plan import plan


@pytest.fixture
def started(tmp_path):
    """Start a script in such a process, and return it; what it says is added to two files."""

    def start(text, preloaded, framework="sklearn"):
        (tmp_path / "train.py").write_text(text)
        with open(tmp_path / "out", "ab") as out, open(tmp_path / "err", "ab") as errors:
            return preloaded.open(
                framework,
                [sys.executable, "-I", "train.py"],
                cwd=tmp_path,
                env={**os.environ, "MINE": "yes"},
                stdout=out,
                stderr=errors,
            )

    return start


@pytest.fixture
def preloaded():
    with closing(Preloaded("sklearn")) as made:
        yield made


def test_it_becomes_the_script_with_what_it_needs_imported(started, preloaded, tmp_path):
    process = preloaded._process
    (tmp_path / "out").write_text("before\n")
    text = (
        "import os, sys\n"
        "print(__name__, sys.argv, os.environ['MINE'], 'pandas' in sys.modules)\n"
        "print(os.path.samefile('.', os.path.dirname(os.path.abspath(__file__))), os.getpid())\n"
        "print(sys.stdin.read(), 'KERAS_BACKEND' in os.environ)\n"
        "print('wrong', file=sys.stderr)\n"
        "sys.exit(3)\n"
    )
    child = started(text, preloaded)
    assert child is process
    assert child.wait(60) == 3
    said = ["before", "__main__ ['train.py'] yes True", f"True {child.pid}", " False"]
    assert (tmp_path / "out").read_text().splitlines() == said
    assert (tmp_path / "err").read_text() == "wrong\n"


def test_what_goes_wrong_is_told_from_the_line_of_the_script_on(started, preloaded, tmp_path):
    text = "def divide():\n    1 / 0\n\n\ndivide()\n"
    assert started(text, preloaded).wait(60) == 1
    told = (tmp_path / "err").read_text()
    assert "host.py" not in told
    assert "runpy" not in told
    fresh = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True)
    assert told == fresh.stderr.decode().replace(f"{tmp_path}{os.sep}", "")


@pytest.mark.slow
@pytest.mark.usefixtures("processes")
@pytest.mark.skipif(os.name == "nt", reason="on Windows the console sends Ctrl-C to all")
def test_it_hears_that_it_is_to_stop_even_where_ctrl_c_is_not_heard(started, tmp_path):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        preloaded = Preloaded("sklearn")
    finally:
        signal.signal(signal.SIGINT, before)
    child = started("import time\nprint('here', flush=True)\ntime.sleep(60)\n", preloaded)
    while "here" not in (tmp_path / "out").read_text():
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == -signal.SIGINT


def test_a_script_of_another_framework_gets_a_process_of_its_own(started, preloaded):
    process = preloaded._process
    child = started("", preloaded, framework="pytorch")
    assert child.wait(60) == 0
    assert child is not process
    preloaded.close()
    assert process.returncode == -signal.SIGKILL


@pytest.mark.parametrize("is_known", [True, False])
def test_where_it_was_killed_the_script_begins_in_a_fresh_process(started, preloaded, is_known):
    process = preloaded._process
    process.kill()
    assert process.wait(30) == -signal.SIGKILL
    if not is_known:
        process.poll = lambda: None
    child = started("", preloaded)
    assert child is not process
    assert child.wait(60) == 0


@pytest.mark.slow
def test_it_ends_with_whoever_made_it_if_it_was_given_no_script():
    make = (
        "import os\n"
        "from apprenti.script.preload import Preloaded\n"
        "print(Preloaded('sklearn')._process.pid, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    number = int(subprocess.run([sys.executable, "-c", make], stdout=subprocess.PIPE).stdout)
    deadline = time.monotonic() + 60
    while _runs(number) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(number)


def _runs(number):
    import psutil

    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.slow
@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
def test_a_run_in_it_equals_one_in_a_fresh_process(framework, make_project, silent):
    kind = "boosting" if framework == "sklearn" else "cnn"
    planned = plan(make_project("digits", framework=framework, kind=kind, epochs=2))
    made = []
    for preloaded in (None, Preloaded(framework)):
        project = make_project("digits")
        run = one_run.train(planned, project.runs_folder, silent(), preloaded=preloaded)
        rows = (run.folder / "history.csv").read_text().splitlines()
        measured = [row.rpartition(",")[0] for row in rows]
        made.append((measured, (run.folder / "predictions.csv").read_bytes()))
    assert made[0] == made[1]
