"""A copy of a process does what a process of its own would do."""

import os
import signal
import subprocess
import sys
import textwrap

import pytest

import fork_server

pytestmark = pytest.mark.skipif(not fork_server.POSSIBLE, reason="copies are made on Linux only")

SCRIPTS = {
    "ends": "print('un é')",
    "status": "import sys; print('oh', file=sys.stderr); sys.exit(3)",
    "words": "raise SystemExit('no data here')",
    "error": "1 / 0",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "isolated": "import sys; print(sys.flags.isolated, sys.flags.utf8_mode, sys.argv, __name__)",
    "folder": "import os; print(os.getcwd(), os.environ['GIVEN'], os.environ.get('HOME'))",
    "session": "import os; print(os.getpgrp() == os.getpid())",
    "at the end": "import atexit; atexit.register(print, 'last')",
    "input": "import sys; print(repr(sys.stdin.read()))",
    "names": "print([name for name in globals() if not name.startswith('__')])",
}


@pytest.fixture
def both(tmp_path):
    """both(code): what a process and a copy say and how they end, each with the same script."""

    def run(code):
        (tmp_path / "train.py").write_text(textwrap.dedent(code), encoding="utf-8")
        command = [sys.executable, "-I", "-X", "utf8", "-u", "train.py", "a word"]
        given = {"cwd": tmp_path, "env": {"GIVEN": "1"}, "stdin": subprocess.DEVNULL}
        given |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        for start in (subprocess.Popen, fork_server.popen):
            with start(command, start_new_session=True, **given) as child:
                out, err = child.stdout.read(), child.stderr.read()
                yield child.wait(), out, err.splitlines()[-1:]

    return run


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_copy_says_and_ends_as_a_process_does(name, both):
    process, copy = both(SCRIPTS[name])
    assert copy == process


def test_a_copy_is_none_of_the_tests_and_cannot_import_apprenti(both):
    _, (status, _, err) = both("import apprenti")
    assert (status, err[0].partition(":")[0]) == (1, "ModuleNotFoundError")


def test_a_copy_is_stopped_by_a_signal_as_a_process_is(tmp_path):
    (tmp_path / "train.py").write_text("import time\nprint('ready')\ntime.sleep(60)\n")
    given = {"cwd": tmp_path, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    for start in (subprocess.Popen, fork_server.popen):
        with start([sys.executable, "-u", "train.py"], start_new_session=True, **given) as child:
            assert child.stdout.readline() == "ready\n"
            assert child.poll() is None
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.1)
            os.kill(child.pid, signal.SIGINT)
            assert child.wait(20) == -signal.SIGINT


def test_what_a_copy_does_to_its_modules_another_does_not_see(tmp_path):
    (tmp_path / "train.py").write_text(
        "import json\nprint(hasattr(json, 'mark'))\njson.mark = 1\n", encoding="utf-8"
    )
    command = [sys.executable, "train.py"]
    assert [fork_server.run(command, cwd=tmp_path).stdout for _ in range(2)] == ["False\n"] * 2


def test_the_time_that_a_copy_takes_is_counted(tmp_path):
    before = fork_server.spent()
    (tmp_path / "train.py").write_text(
        "import time\nwhile time.process_time() < 0.3: pass\n", encoding="utf-8"
    )
    assert fork_server.run([sys.executable, "train.py"], cwd=tmp_path).returncode == 0
    assert 0.2 < fork_server.spent() - before < 5


def test_other_commands_are_no_copies():
    with fork_server.popen(["true"], stdout=subprocess.PIPE) as process:
        assert isinstance(process, subprocess.Popen)
