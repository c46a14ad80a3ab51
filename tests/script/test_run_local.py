"""Running a script: what is heard of it, how it is stopped, and what is said of its failures."""

import os
import signal
import sys
import textwrap
import threading
import time

import psutil
import pytest

from apprenti.script import run_local
from apprenti.script.run_local import MOST_AT_ONCE, Child, Outcome, execute, explain

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
pytestmark = pytest.mark.usefixtures("processes")


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
    added = run_local.Added(path)
    assert list(added.new()) == []
    seen = []
    for step in range(1, 30):
        with open(path, "a", encoding="utf-8", newline="") as file:
            file.write(f"1,{step},29,0.5000{end}2,")
        seen += map(run_local._progress, added.new())
        # Half a line is not read; the rest of it comes later
        with open(path, "rb+") as file:
            file.truncate(path.stat().st_size - 2)
    assert [at.step for at in seen] == list(range(1, 30))
    assert seen[0] == (1, 1, 29, 0.5)


def test_progress_goes_no_further_than_the_last_step():
    # Keras counts the steps of its last jump beyond the end
    assert run_local._progress("2,100,63,0.1235") == (2, 63, 63, 0.1235)


def test_the_process_is_measured(script, silent):
    code = "import time\nkept = b'x' * 80_000_000\ntime.sleep(0.5)\n"
    outcome = execute(script(code), None, silent())
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


def test_running_leaves_no_files_and_no_threads(script, silent, tmp_path):
    before = threading.active_count()
    execute(script("print(1)"), None, silent())
    assert threading.active_count() == before
    assert [path.name for path in tmp_path.iterdir()] == ["train.py"]


def test_what_is_said_is_added_to_what_was_said_before(script, silent, tmp_path):
    heard = []
    for code in ("print('one')\n1 / 0\n", "print('two')\n"):
        watcher = silent()
        child = Child(script(code), None, tmp_path)
        while child.look(watcher):
            time.sleep(0.01)
        heard.append((watcher.lines, "ZeroDivisionError" in child.outcome().errors))
    assert heard == [(["one"], True), (["two"], False)]
    assert (tmp_path / "output.txt").read_text() == "one\ntwo\n"
    assert "ZeroDivisionError" in (tmp_path / "errors.txt").read_text()


def test_signs_that_are_no_utf_8_and_a_last_line_without_an_end_are_heard(script, silent):
    watcher = silent()
    code = "import sys\nsys.stdout.buffer.write(b'\\xff\\r50%\\rend\\nlast')\n"
    execute(script(code), None, watcher)
    assert watcher.lines == ["\ufffd\r50%\rend", "last"]


# Several at once


class Timed:
    """A job that says when its script began and ended; the script takes half a second."""

    def __init__(self, folder, log, watcher, code="import time; time.sleep(0.5)", fails=False):
        folder.mkdir()
        self.folder, self.log, self.watcher, self.fails = folder, log, watcher, fails
        (folder / "train.py").write_text(code, encoding="utf-8")

    def start(self):
        self.log.append(("start", self.folder.name))
        return Child(self.folder / "train.py", None, self.folder)

    def meanwhile(self):
        pass

    def end(self, outcome):
        self.log.append(("end", self.folder.name))
        self.outcome = outcome
        return not self.fails


def test_so_many_scripts_run_at_once_and_no_more(tmp_path, silent):
    log = []
    jobs = [Timed(tmp_path / name, log, silent()) for name in "abcd"]
    assert run_local.follow(jobs, at_once=2)
    under_way = [sum(1 if what == "start" else -1 for what, _ in log[:n]) for n in range(9)]
    assert max(under_way) == 2
    assert [name for what, name in log if what == "start"] == list("abcd")
    assert sorted(name for what, name in log if what == "end") == list("abcd")


def test_what_can_be_done_meanwhile_is_done_while_the_script_runs(tmp_path, silent):
    class Busy(Timed):
        def meanwhile(self):
            (self.folder / "done").touch()

    code = "import os, time\nwhile not os.path.exists('done'): time.sleep(0.01)\n"
    job = Busy(tmp_path / "a", [], silent(), code)
    assert run_local.follow([job])
    assert job.outcome.exit_status == 0


def test_after_one_that_went_wrong_no_other_begins_and_the_rest_end(tmp_path, silent):
    log = []
    wrong = Timed(tmp_path / "a", log, silent(), code="1 / 0", fails=True)
    others = [Timed(tmp_path / name, log, silent()) for name in "bcd"]
    assert run_local.follow([wrong, *others], at_once=2)
    assert log == [("start", "a"), ("start", "b"), ("end", "a"), ("end", "b")]


@posix_only
def test_ctrl_c_stops_all_that_are_under_way_and_none_begins(tmp_path):
    log = []
    code = textwrap.dedent(PATIENT)
    jobs = [Timed(tmp_path / name, log, Impatient(), code) for name in "ab"]
    # The one hears "ready" and stops both; the other may have been told before it could say so
    jobs[1].watcher = type("Hears", (), {"line": lambda *a: None, "progress_to": None})()
    jobs.append(Timed(tmp_path / "c", log, Impatient()))
    assert not run_local.follow(jobs, at_once=2)
    assert ("start", "c") not in log
    assert [job.outcome.stopped for job in jobs[:2]] == ["by_hand", "by_hand"]
    assert jobs[0].outcome.exit_status == 0


@posix_only
def test_ctrl_c_while_a_run_is_begun_waits_until_it_can_be_stopped(tmp_path, silent):
    class Pressed(Timed):
        def start(self):
            os.kill(os.getpid(), signal.SIGINT)
            return super().start()

    job = Pressed(tmp_path / "a", [], silent(), code="import time; time.sleep(60)")
    assert not run_local.follow([job])
    assert job.outcome.stopped == "by_hand"


def test_a_bug_of_whoever_watches_leaves_no_script_behind(script, silent, tmp_path):
    code = "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n"
    watcher = silent()
    watcher.line = lambda text: watcher.lines.append(int(text)) or 1 / 0
    with pytest.raises(ZeroDivisionError):
        execute(script(code), None, watcher)
    assert not psutil.pid_exists(watcher.lines[0])


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


@pytest.mark.skipif(sys.platform != "linux", reason="a signal that Windows has not")
def test_a_script_that_somebody_killed_is_not_said_to_lack_memory(script, silent, tmp_path):
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    outcome = execute(script(code), None, silent())
    assert explain(outcome, tmp_path).key == "script_killed"


def test_a_script_that_prints_without_end_is_stopped_in_time_and_its_words_take_no_memory(
    script, tmp_path
):
    class Counting:
        said = longest = 0

        def line(self, text):
            self.said += 1
            self.longest = max(self.longest, len(text))

        def progress_to(self, at):
            pass

    heard, begun = Counting(), time.monotonic()
    endless = script("import sys\nwhile True: sys.stdout.write('x' * 100)")
    outcome = execute(endless, None, heard, time_limit=1)
    assert outcome.stopped == "time_limit"
    assert time.monotonic() - begun < 30
    assert 0 < heard.longest <= MOST_AT_ONCE


def test_a_failure_without_words_is_told_too(tmp_path):
    error = explain(Outcome(3, None, 1.0, 0, ""), tmp_path)
    assert error.key == "script_failed"
    assert "3" in error.parts()[0]
