"""Running a script: what is heard of it, how it is stopped, and what is said of its failures."""

import os
import signal
import sys
import textwrap
import threading
import time

import pytest

from apprenti.script import run_local
from apprenti.script.run_local import Outcome, execute, explain

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture
def script(tmp_path):
    """script("code"): a file train.py with this code in an empty folder."""

    def write(code):
        path = tmp_path / "train.py"
        path.write_text(textwrap.dedent(code), encoding="utf-8")
        return path

    return write


def test_what_a_script_prints_is_heard_in_order_and_its_errors_are_kept(script, silent):
    watcher = silent()
    code = 'import sys\nprint("un")\nprint("deux é")\nprint("oh", file=sys.stderr)\n'
    outcome = execute(script(code), None, watcher)
    assert watcher.lines == ["un", "deux é"]
    assert (outcome.exit_status, outcome.stopped, outcome.errors) == (0, None, "oh\n")


def test_a_script_that_prints_very_much_is_heard_to_the_end(script, silent):
    watcher = silent()
    execute(script("for i in range(50_000):\n    print(i)\n"), None, watcher)
    assert watcher.lines == [str(i) for i in range(50_000)]


def test_a_script_runs_in_its_folder_isolated_and_is_told_where_the_data_are(
    script, silent, tmp_path, monkeypatch
):
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("PYTHONOPTIMIZE", "2")
    watcher = silent()
    code = """
        import os, sys
        print(os.getcwd())
        print(os.environ["APPRENTI_DATA"])
        print(sys.flags.isolated, sys.flags.optimize, sys.flags.utf8_mode)
        print("/somewhere" in sys.path)
    """
    execute(script(code), tmp_path / "data", watcher)
    assert watcher.lines == [str(tmp_path), str(tmp_path / "data"), "1 0 1", "False"]


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_progress_is_followed_line_by_line_whole_lines_only(tmp_path, end):
    path = tmp_path / "progress.csv"
    follow = run_local._Follower(path)
    assert list(follow.new()) == []
    seen = []
    for step in range(1, 30):
        with open(path, "a", encoding="utf-8", newline="") as file:
            file.write(f"1,{step},29,0.5000{end}2,")
        seen += follow.new()
        # Half a line is not read; the rest of it comes later
        with open(path, "rb+") as file:
            file.truncate(path.stat().st_size - 2)
    assert [at.step for at in seen] == list(range(1, 30))
    assert seen[0] == (1, 1, 29, 0.5)


def test_the_process_is_made_known_and_measured(script, silent):
    known = []
    code = "import time\nkept = b'x' * 80_000_000\ntime.sleep(0.5)\n"
    outcome = execute(script(code), None, silent(), known.append)
    assert len(known) == 1
    assert outcome.peak_memory > 80_000_000
    assert 0.4 < outcome.seconds < 20


PATIENT = """
    import time
    try:
        print("ready")
        time.sleep(60)
    except KeyboardInterrupt:
        print("stopped properly")
"""


@posix_only
def test_a_time_limit_asks_the_script_to_stop(script, silent):
    watcher = silent()
    outcome = execute(script(PATIENT), None, watcher, time_limit=0.5)
    assert (outcome.stopped, outcome.exit_status) == ("time_limit", 0)
    assert watcher.lines == ["ready", "stopped properly"]


class Impatient:
    """Presses Ctrl-C as soon as the script has said something."""

    def __init__(self):
        self.lines = []

    def line(self, text):
        self.lines.append(text)
        if text in ("ready", "again"):
            raise KeyboardInterrupt

    def progress_to(self, at):
        pass


@posix_only
def test_ctrl_c_asks_the_script_to_stop_and_waits_for_it(script):
    watcher = Impatient()
    outcome = execute(script(PATIENT), None, watcher)
    assert (outcome.stopped, outcome.exit_status) == ("by_hand", 0)
    assert watcher.lines == ["ready", "stopped properly"]


@posix_only
def test_a_second_ctrl_c_ends_a_script_that_does_not_listen(script):
    deaf = """
        import signal, time
        signal.signal(signal.SIGINT, lambda *ignored: print("again"))
        print("ready")
        for _ in range(600):
            time.sleep(0.1)
    """
    outcome = execute(script(deaf), None, Impatient())
    assert (outcome.stopped, outcome.exit_status) == ("by_hand", -signal.SIGKILL)


@posix_only
def test_ctrl_c_on_the_terminal_reaches_the_script_only_through_us(script, silent):
    watcher = silent()
    code = "import os\nprint(os.getpgrp() == os.getpid())\n"
    execute(script(code), None, watcher)
    assert watcher.lines == ["True"]


def test_running_leaves_no_open_files_and_no_threads(script, silent):
    before = threading.active_count()
    for _ in range(3):
        execute(script("print(1)"), None, silent())
    limit = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < limit:
        time.sleep(0.01)
    # Pipes left open would be told as warnings, which are errors here
    assert threading.active_count() == before


# What went wrong


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("import a_package_that_nobody_has", "module_missing"),
        ("raise MemoryError", "out_of_memory"),
        ("import errno, os\nraise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))", "disk_full"),
        ("def load_checkpoint():\n    1 / 0\n\n\nload_checkpoint()", "checkpoint_damaged"),
        ("1 / 0", "script_failed"),
        ("raise SystemExit('data is not here.')", "script_failed"),
    ],
)
def test_the_cause_of_a_failure_is_recognised(script, silent, tmp_path, code, key):
    outcome = execute(script(code), None, silent())
    assert outcome.exit_status == 1
    error = explain(outcome, tmp_path)
    assert error.key == key
    # All three parts of the message can be written with what is known
    assert all(isinstance(part, str) for part in error.parts())


def test_the_missing_package_and_the_last_line_are_named(script, silent, tmp_path):
    missing = explain(execute(script("import nobody_has_it"), None, silent()), tmp_path)
    assert "nobody_has_it" in missing.parts()[0]
    failed = explain(execute(script("raise ValueError('because')"), None, silent()), tmp_path)
    assert failed.parts()[1] == "ValueError: because"


@pytest.mark.skipif(sys.platform != "linux", reason="what Linux does when memory is short")
def test_a_script_killed_by_the_system_ran_out_of_memory(script, silent, tmp_path):
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    outcome = execute(script(code), None, silent())
    assert explain(outcome, tmp_path).key == "out_of_memory"


def test_a_failure_without_words_is_told_too(tmp_path):
    error = explain(Outcome(3, None, 1.0, 0, ""), tmp_path)
    assert error.key == "script_failed"
    assert "3" in error.parts()[0]
