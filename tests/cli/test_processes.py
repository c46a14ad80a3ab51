"""Every command once for real: a process of its own, whose runs are processes of their own."""

import json

import pytest

from apprenti.cli.commands import COMMANDS

SMALL = ("--set", "epochs=1", "--set", "hidden_units=[8]")
NETWORK = ("--framework", "pytorch", *SMALL)
WORDS = {
    "": ((), "apprenti train"),
    "start": (("--dir", "../first", "--data", "digits", "--json", *NETWORK), '"model": "mlp"'),
    "doctor": (("--quick", "--json"), '"topics"'),
    "new": (("second", "--data", "digits"), "second is ready"),
    "data": (("--json",), '"test_rows": 270'),
    "set": (("epochs=2",), "train.epochs: 5 → 2"),
    "train": (("--json", "--set", "kind=mlp", *NETWORK), '"status": "finished"'),
    "compare": (("--json", "--set", "kind=tree"), '"verdicts"'),
    "agree": (("--help",), "apprenti agree"),
    "diagnose": (("001", "--json", "--no-picture"), '"healthy"'),
    "improve": (
        ("001", "--only", "more_iterations", "--pairs", "3", "--json", "--no-picture"),
        '"remedies"',
    ),
    "runs": (("last",), "history.csv"),
    "evaluate": (("001", "--json", "--no-picture"), '"selected_on_test"'),
    "checklist": (("--json",), '"items"'),
    "report": (("--json", "--card"), '"missing"'),
    "reproduce": (("001", "--json"), '"outcome": "identical"'),
    "eject": (("001", "taken"), "requirements.txt"),
    "predict": (("001", "rows.npz", "--json"), '"predicted"'),
    "explain": (("overfitting",), "surapprentissage"),
    "install": (("all", "--dry-run", "--json"), '"installed": false'),
}


@pytest.fixture(scope="module")
def folder(make_project, process):
    """A project with a run and rows to predict."""
    import numpy as np

    made = make_project("digits", framework="sklearn", kind="linear", iterations=5)
    assert process("train", folder=made.folder).status == 0
    np.savez(made.folder / "rows.npz", x=np.zeros((3, 8, 8)))
    return made.folder


def test_no_command_is_left_out():
    assert set(WORDS) == {"", *COMMANDS}


@pytest.mark.parametrize(
    "command",
    # Beside it tests/cli/test_start_command.py and tests/test_start.py start for real
    [*(c for c in WORDS if c != "start"), pytest.param("start", marks=pytest.mark.slow)],
)
def test_the_command_works_as_a_process(command, process, folder):
    words, told = WORDS[command]
    said = process(*command.split(), *words, folder=folder)
    assert said.status == 0, said.err
    assert told in said.out
    if "--json" in words:
        assert isinstance(json.loads(said.out), dict)
