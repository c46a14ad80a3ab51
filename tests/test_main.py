"""`python -m apprenti`, from its very first moment."""

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
