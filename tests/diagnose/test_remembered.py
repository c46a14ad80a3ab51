"""What is wrong with a run is told by every command that shows it, and asked once."""

import os
import sys
import time

import numpy as np
import pytest
from known_runs import EPOCHS, HEALTHY, answers

import fork_server
from apprenti import diagnose, project, runs
from apprenti.diagnose import remembered

TURNS = HEALTHY | {"valid_loss": 0.3 + 0.002 * (EPOCHS - 10) ** 2}


@pytest.fixture
def here(tmp_path):
    (tmp_path / project.FILE).write_text('[data]\nsource = "a.csv"\ntarget = "y"\n')
    return project.load(tmp_path)


def aged(run):
    """Make the files of a run older than the coarsest clock."""
    for path in run.folder.iterdir():
        os.utime(path, (time.time() - 60,) * 2)
    return run


def typed(here, *words):
    """Return what a command prints in the folder of a project."""
    command, english = [sys.executable, "-m", "apprenti", *words], {"APPRENTI_LANG": "en"}
    return fork_server.run(command, cwd=here.folder, env=os.environ | english).stdout


def codes(found):
    return [[problem.code for problem in one.problems] for one in found]


def test_problems_travel_and_hints_do_not(left, here):
    sick = left(**TURNS, **answers(0.9, rows=2000))
    hinted = left(**HEALTHY, **answers(0.9, rows=100))
    assert [one.code for one in diagnose.diagnose(hinted).found] == ["R09"]
    found = remembered.troubled([sick, hinted], here)
    assert [one.run for one in found] == [sick] and codes(found) == [["R02"]]
    assert found[0].as_json() == [
        {"run": sick.name, "code": "R02", "severity": "warning", "name": ""}
    ]


def test_a_run_is_asked_once_until_one_of_its_files_or_a_baseline_changes(left, here, monkeypatch):
    asked, problems = [], remembered._problems
    monkeypatch.setattr(remembered, "_problems", lambda *one: asked.append(one) or problems(*one))
    run = aged(left(**TURNS, **answers(0.9, rows=2000)))
    assert codes(remembered.troubled([run], here)) == codes(remembered.troubled([run], here))
    assert len(asked) == 1
    left(**HEALTHY, **answers(0.95, rows=2000), model="linear", framework="sklearn")
    assert codes(remembered.troubled([run], here)) == [["R02", "R04"]] and len(asked) == 2
    healthy = aged(left(**HEALTHY, **answers(0.92, rows=2000)))
    for name in ("history.csv", "predictions.csv"):
        (run.folder / name).write_bytes((healthy.folder / name).read_bytes())
    assert codes(remembered.troubled([run], here)) == [["R04"]]


def test_what_is_muted_is_no_problem_and_nothing_is_asked_again(left, here, monkeypatch):
    run = aged(left(**TURNS, **answers(0.9, rows=2000)))
    remembered.troubled([run], here)
    monkeypatch.setattr(remembered, "_problems", None)
    muted = project.changed(here, {"data.muted": ["R02"]})
    assert remembered.troubled([run], muted) == []


@pytest.mark.parametrize(
    "content", ["[", "{}", '{"runs": 3}', '{"runs": {"a": {"problems": [[1]]}}}']
)
def test_a_damaged_memory_is_asked_anew(left, here, content):
    run = left(**TURNS, **answers(0.9, rows=2000))
    (here.runs_folder / remembered.FILE).write_text(content)
    assert codes(remembered.troubled([run], here)) == [["R02"]]


def test_a_run_that_cannot_be_asked_has_no_problem(left, here):
    run = left(**TURNS, **answers(0.9, rows=2000))
    (run.folder / "history.csv").write_text("")
    assert remembered.troubled([run], here) == []


@pytest.mark.parametrize("command", [[], ["runs"], ["runs", "show", "1"]])
def test_apprenti_alone_and_what_shows_runs_tell_it_with_the_command(left, here, command):
    left(train_loss=[0.7, np.nan], valid_loss=[0.7, np.nan], status="diverged")
    said = typed(here, *command)
    assert "✗ Run 1: learning rate too high (R05)\n      apprenti diagnose 1\n" in said


def test_many_troubled_runs_are_named_in_one_line(left, here):
    for _ in range(10):
        left(**TURNS, **answers(0.9, rows=2000))
    said = typed(here, "runs")
    assert said.count("(R02)") == 3 and "7 more: 7, 6, 5, 4, 3…" in " ".join(said.split())
    assert runs.all_runs(here.runs_folder)[-1].number == 10
