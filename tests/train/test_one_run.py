"""One run: what a stop by hand does to it at an awkward moment."""

import signal

import pytest

from apprenti.errors import Interrupted
from apprenti.train import curves, one_run
from apprenti.train.plan import plan


def test_ctrl_c_waits_until_what_draws_the_curves_is_loaded(make_project, silent, monkeypatch):
    """Half a package would be left, which cannot be imported any more: no run could be drawn."""
    load, loaded = curves.load, []

    def interrupted():
        if not loaded:
            signal.raise_signal(signal.SIGINT)
            load()
            loaded.append(True)

    monkeypatch.setattr(curves, "load", interrupted)
    project = make_project("digits", framework="sklearn", kind="mlp", epochs=1000)
    with pytest.raises((Interrupted, KeyboardInterrupt)):
        one_run.train(plan(project), project.runs_folder, silent())
    assert loaded == [True]
