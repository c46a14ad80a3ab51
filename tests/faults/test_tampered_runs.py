"""Run folders that somebody has meddled with: a message each time, never a traceback."""

import os
import random
import shutil
import sys
import time
import traceback

import pytest
import tamper

import fork_server
from apprenti import cli, runs
from apprenti.train import one_run
from apprenti.train.plan import plan

MANY = 400
PART = 20
"""Run folders that one test damages, one after the other."""


@pytest.fixture(scope="module")
def honest(make_project, table_csv, tmp_path_factory, train, silent):
    """Return a project of two runs: one that ended, and one that was stopped."""
    folder = tmp_path_factory.mktemp("honest")
    shutil.copy(table_csv, folder / "table.csv")
    more = {"framework": "sklearn", "target": "réponse", "folder": folder}
    whole = train(make_project("table.csv", kind="linear", **more))
    project = make_project("table.csv", kind="mlp", epochs=100_000, hidden_units=[2], **more)
    with fork_server.copies():
        stopped = one_run.train(plan(project), project.runs_folder, silent(), time_limit=1)
    assert (stopped.folder / "checkpoint.npz").exists()
    runs.set_note(stopped, "tanh ?")
    return project, whole, stopped


@pytest.fixture
def command(capsys):
    """command("runs"): run a command in this process; return its exit status and what it said."""

    def run(*words):
        try:
            cli.main([*map(str, words)])
        except SystemExit as ended:
            said = capsys.readouterr()
            return ended.code, said.out, said.err
        raise AssertionError("a command always leaves with a status")

    return run


LISTED, SHOWN = ("runs",), ("runs", "show", "tampered")
MORE = (
    ("runs", "compare", "tampered", "whole"),
    (),
    ("eject", "tampered", "out"),
    ("eject", "tampered", "book", "--notebook"),
    ("runs", "--json"),
    ("runs", "note", "tampered", "x"),
)
EXECUTED = (
    ("predict", "tampered", "table.csv"),
    ("train", "--resume", "tampered", "--time-limit", 0.3),
    ("reproduce", "tampered", "--quiet"),
)


def commands(random):
    """Return some commands on a run: always those that list and show it, and one that executes."""
    return (LISTED, SHOWN, *random.sample(MORE, 2), random.choice(EXECUTED))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(MANY // PART))
@pytest.mark.skipif(sys.platform == "win32", reason="links, queues and copies of processes")
def test_a_tampered_run_is_answered_by_a_message(
    part, honest, command, copies, tmp_path, monkeypatch
):
    project, whole, stopped = honest
    drawn, wrong = random.Random(part), []
    for number in range(PART):
        place = tmp_path / f"project-{number}"
        (place / "runs").mkdir(parents=True)
        shutil.copy(project.folder / "apprenti.toml", place)
        shutil.copy(project.folder / "table.csv", place)
        shutil.copytree(whole.folder, place / "runs" / "whole")
        of = drawn.choice([whole, stopped])
        told = tamper.tampered(of.folder, place / "runs" / "tampered", drawn)
        monkeypatch.chdir(place)
        for words in commands(drawn):
            wrong += [(*told, words, what) for what in what_is_wrong(command, words)]
        assert os.listdir(place / "runs" / "whole")
    assert not wrong


def what_is_wrong(command, words):
    """Yield what is wrong with the answer to a command."""
    begun = time.monotonic()
    try:
        status, out, err = command(*words)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)[-1]
        yield f"{error!r} in {frames.filename}:{frames.lineno}"
        return
    if status not in (0, 1):
        yield f"exit status {status}"
    if "Traceback" in out + err or "\x1b" in out + err or "\u202e" in out + err:
        yield out + err
    # That a run is different is an answer
    if status and not any(line.startswith(("✗", "■")) for line in (err or out).splitlines()):
        yield err
    if time.monotonic() - begun > 60:
        yield "it took long"
    if words == ("runs",) and (status or "whole" not in out):
        yield err
