"""Commands and scripts that are killed at any moment: no run is lost, and none is told wrongly.

Each kill is drawn from a seed: the command, the framework, when, by which signal, and whether it
hits the command, the script or both. Afterwards nothing runs any more, every folder is a run, each
status is true, and what can go on ends as the run that nobody stopped.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import psutil
import pytest

import fork_server
from apprenti import runs
from apprenti.train.settle import read_all

pytestmark = [
    pytest.mark.skipif(not fork_server.POSSIBLE, reason="copies of processes"),
    pytest.mark.usefixtures("copies"),
]

KILLS, IN_A_PART = 200, 10
SIGNALS = ("SIGKILL", "SIGKILL", "SIGHUP", "SIGTERM", "SIGINT")
KINDS = (
    *([("sklearn", "mlp")] * 3 + [("pytorch", "mlp")] * 3),
    *(("tensorflow", "mlp"), ("sklearn", "forest")),
)
EPOCHS = {"sklearn": 30, "pytorch": 15, "tensorflow": 4}
LONGEST = {"sklearn": 0.8, "pytorch": 1.0, "tensorflow": 3.0}
"""Seconds within which a kill falls, of the command or of its script: a few fall after the end."""


def settings(framework, kind):
    small = {"hidden_units": [4], "data.split.train": 200, "data.split.valid": 50}
    return {"framework": framework, "kind": kind, "epochs": EPOCHS[framework], **small}


@pytest.fixture(scope="module")
def uninterrupted(make_project, train):
    """uninterrupted("pytorch", "mlp"): what a run leaves that nobody stopped."""
    made = {}

    def run(*kind):
        if kind not in made:
            made[kind] = left_by(train(make_project("digits", **settings(*kind))))
        return made[kind]

    return run


def left_by(run):
    history = [{k: v for k, v in row.items() if k != "seconds"} for row in run.history]
    predictions = (run.folder / "predictions.csv").read_bytes()
    return history, predictions, learned(run)


def learned(run):
    if run.framework != "sklearn":
        return run.weights.read_bytes()
    import zipfile

    with zipfile.ZipFile(run.weights) as archive:
        arrays = [archive.read(name) for name in archive.namelist() if name.endswith(".npy")]
    # Whole numbers are where the drawn ones stand: each epoch begins them anew
    return sorted(array for array in arrays if b"'<u4'" not in array[:80])


def at_work(folder):
    """Return the processes that work in a folder: those of commands and of scripts."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.cwd().startswith(str(folder)) and process.status() != "zombie":
                found.append(process)
    return found


def left_at_work(folder, seconds=60):
    """Wait until nothing works in a folder any more; return what does nevertheless."""
    limit = time.monotonic() + seconds
    while (left := at_work(folder)) and time.monotonic() < limit:
        time.sleep(0.05)
    return [(process.pid, process.cwd(), process.status(), process.threads()) for process in left]


def wait_for_a_script(project, command):
    while command.poll() is None and not at_work(project.runs_folder):
        time.sleep(0.01)


def begin(project, *words):
    command = [sys.executable, "-m", "apprenti", *words, "--lang", "en"]
    nowhere = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    with open(project.folder / "said", "ab") as said:
        return fork_server.popen(command, cwd=project.folder, stderr=said, **nowhere)


def hit(project, command, target, number):
    """Send a signal to a command, to the scripts that it has begun, or to both."""
    parents = [] if target == "script" else [command.pid]
    scripts = [process.pid for process in at_work(project.runs_folder)]
    for pid in parents + (scripts if target != "command" else []):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    return bool(scripts)


def check_all(project):
    """Return the runs of a project; every folder is one, and each status is true."""
    assert left_at_work(project.folder) == [], "orphans"
    facts = read_all(runs.all_runs(project.runs_folder)) if project.runs_folder.exists() else []
    # Whoever makes the next run removes what somebody left who died while making one
    runs.discard(runs.create(project.runs_folder, "mlp", "sklearn"))
    beside = {".listing.json", ".diagnosis.json", ".number", ".deleted"}
    left = {*os.listdir(project.runs_folder)} - beside - {run.name for run in facts}
    # A number that was reserved a moment ago by one who was killed: nobody sees it
    reserved = {name for name in left if name.startswith(".") and name.endswith("-")}
    assert not any(os.listdir(project.runs_folder / name) for name in reserved)
    assert left == reserved, "a folder that is no run"
    for run in facts:
        assert run.status not in (runs.RUNNING, runs.DAMAGED), run
        in_one_call = run.framework == "sklearn" and run.model != "mlp"
        epochs = 1 if in_one_call else project.choices.train.epochs
        complete = run.last.get("epoch") == epochs and run.parameters is not None
        assert run.status != runs.FINISHED or complete, run
    return facts


def go_on(project, name, drawn, framework):
    """Resume a run, sometimes to be killed again, until it is finished; return how often."""
    run = runs.find(project.runs_folder, name)
    times = 0
    while not run.complete:
        times += 1
        assert times < 10
        again = begin(project, "train", "--resume", name)
        if drawn.random() < 0.2:
            time.sleep(drawn.uniform(0, LONGEST[framework]))
            hit(project, again, "both", signal.SIGKILL)
        again.wait(120)
        check_all(project)
    return times


@pytest.mark.slow
@pytest.mark.parametrize("part", range(KILLS // IN_A_PART))
def test_whatever_is_killed_no_run_is_lost(part, make_project, uninterrupted, record_property):
    drawn, counts = random.Random(part), Counter()
    for _ in range(IN_A_PART):
        kind = drawn.choice(KINDS)
        words = ["compare"] if drawn.random() < 0.1 else ["train"]
        # First, so that what imports the frameworks is at work before a command is
        wanted = EPOCHS if words[0] == "compare" else ("sklearn", kind[0])
        for framework in wanted:
            uninterrupted(framework, "mlp")
        project = make_project("digits", **settings(*kind))
        number = getattr(signal, drawn.choice(SIGNALS))
        target = drawn.choice(["command", "script", "both"])
        told = (kind, words, number.name, target)
        command = begin(project, *words)
        if drawn.random() < 0.75:
            wait_for_a_script(project, command)
        time.sleep(drawn.uniform(0, LONGEST[kind[0]]))
        counts["hit a script"] += hit(project, command, target, number)
        command.wait(120)
        for run in check_all(project):
            counts[run.status] += 1
            if run.status in runs.COMPLETE or (run.framework, run.model) != kind:
                continue
            counts["resumed"] += go_on(project, run.name, drawn, kind[0])
        for run in runs.all_runs(project.runs_folder):
            if (run.framework, run.model) == kind:
                assert left_by(run) == uninterrupted(*kind), told
        counts["kills"] += 1
        said = (project.folder / "said").read_text()
        assert "Traceback" not in said, (told, said)
    print(dict(counts))
    record_property("counts", dict(counts))
