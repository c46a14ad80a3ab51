"""`python -m apprenti`, from its very first moment."""

import subprocess
import sys
from types import ModuleType

import pytest

from apprenti.__main__ import main


def test_ctrl_c_while_the_command_is_being_loaded_leaves_no_traceback(monkeypatch, capsys):
    class Interrupted(ModuleType):
        def __getattr__(self, name):
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "apprenti.cli", Interrupted("apprenti.cli"))
    with pytest.raises(SystemExit) as caught:
        main()
    assert caught.value.code == 130
    assert capsys.readouterr() == ("", "")


LOST = """
import gc, time, weakref
from apprenti import cli

class One: pass

def interrupted(gone):
    raise KeyboardInterrupt

cli._run = lambda words: leave()

def leave():
    one = One()
    kept = weakref.ref(one, interrupted)
    try:
        del one
        time.sleep(10)
    except KeyboardInterrupt:
        print("came again")
    return 0

cli.main([])
"""


@pytest.mark.slow
def test_ctrl_c_that_comes_into_a_callback_is_not_lost_and_leaves_no_traceback():
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("came again\n", "")
