"""A run whose watcher is gone goes on, and its end is recorded by whoever looks at it next."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from apprenti import runs
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.train import curves, one_run, record
from apprenti.train.settle import clear, settle
from apprenti.train.stop import stop
from apprenti.writing import write_json, write_text

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

SCRIPT = """
import json, os, pathlib, signal, time

folder = pathlib.Path.cwd()
rows = ["epoch,train_loss,valid_loss,seconds"]
def say_how_it_ended(status, epochs):
    (folder / "status.json").write_text(json.dumps({{"status": status, "epochs": epochs}}))


def stop(*ignored):
    say_how_it_ended("interrupted", len(rows) - 1)
    raise SystemExit


signal.signal(signal.SIGINT, stop)
for epoch in range(1, {epochs} + 1):
    rows.append(f"{{epoch}},{{1 / epoch}},{{1 / epoch}},{{epoch / 10}}")
    (folder / "history.csv").write_text("\\n".join(rows) + "\\n")
    with open("progress.csv", "a") as file:
        file.write(f"{{epoch}},1,1,0.5\\n")
    print("epoch", epoch, flush=True)
    time.sleep(0.05)
(folder / "predictions.csv").write_text("row,truth,predicted\\n1,2,3\\n")
(folder / "table.tmp").write_text("half a table")
say_how_it_ended("{status}", {epochs})
raise SystemExit({code})
"""


@pytest.fixture
def script(tmp_path):
    """script(status="finished", epochs=3, code=0): one that says how it ended."""

    def write(status="finished", epochs=3, code=0):
        path = tmp_path / "mine.py"
        text = SCRIPT.format(status=status, epochs=epochs, code=code)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def wait_until(true, seconds=300):
    limit = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.fixture
def orphan(make_project, script):
    """A run of 40 epochs whose `apprenti train` was killed after the second."""
    project = make_project("digits")
    words = ["train", str(script(epochs=40)), "--project", str(project.folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    parent = subprocess.Popen([sys.executable, "-m", "apprenti", *words], **pipes)

    def begun():
        return [run for run in runs.all_runs(project.runs_folder) if len(run.history) > 1]

    wait_until(begun)
    parent.kill()
    parent.communicate()
    return begun()[0]


@posix_only
def test_a_run_goes_on_when_the_command_that_began_it_is_killed(orphan, apprenti_runs):
    assert orphan.status == runs.RUNNING
    settle(orphan)
    assert "ended" not in orphan.environment
    assert apprenti_runs(orphan) == "running"
    wait_until(lambda: orphan.status != runs.RUNNING)
    assert apprenti_runs(orphan) == "finished"
    assert len(orphan.history) == 40
    assert (orphan.folder / "output.txt").read_text().count("epoch") == 40
    written = orphan.environment
    assert (written["status"], "process" in written) == (runs.FINISHED, False)
    assert written["results"] == {"predictions.csv": digest(orphan.folder / "predictions.csv")}
    assert written["started"] <= written["ended"]
    assert written["hashes"]["train.py"] == digest(orphan.script)
    assert record.tampered(orphan) == []
    assert orphan.curves.read_bytes().startswith(b"\x89PNG")
    left = {path.name for path in orphan.folder.iterdir()}
    assert not left & {"progress.csv", "table.tmp", "errors.txt"}


@pytest.fixture
def apprenti_runs():
    """apprenti_runs(run): what `apprenti runs` says of the status of a run."""
    import json

    def ask(run):
        words = ["runs", "--json", "--project", str(run.folder.parents[1])]
        done = subprocess.run([sys.executable, "-m", "apprenti", *words], capture_output=True)
        (listed,) = json.loads(done.stdout)["runs"]
        return listed["status"]

    return ask


@posix_only
def test_two_who_settle_a_run_at_once_do_it_once(orphan):
    wait_until(lambda: orphan.status != runs.RUNNING)
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(settle, [orphan] * 8)) == [None] * 8
    written = orphan.environment
    assert written["status"] == runs.FINISHED
    settle(orphan)
    assert orphan.environment == written


@posix_only
def test_a_run_that_nobody_watches_is_stopped_properly(orphan):
    stop(orphan)
    assert orphan.status == orphan.environment["status"] == runs.INTERRUPTED
    assert 2 <= len(orphan.history) < 40
    assert orphan.curves.exists()
    with pytest.raises(ApprentiError) as caught:
        stop(orphan)
    assert caught.value.key == "run_not_under_way"


@pytest.mark.slow
@posix_only
def test_a_run_that_does_not_listen_is_ended(make_project, script):
    project = make_project("digits")
    path = script(epochs=10_000)
    path.write_text(
        path.read_text().replace("signal.SIGINT, stop", "signal.SIGINT, signal.SIG_IGN")
    )
    words = ["train", str(path), "--project", str(project.folder)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-m", "apprenti", *words], **pipes) as parent:
        wait_until(lambda: any(run.history for run in runs.all_runs(project.runs_folder)))
        (run,) = runs.all_runs(project.runs_folder)
        stop(run, patience=0.5)
        parent.communicate()
    # Whoever watched it has heard of its end, and recorded it
    assert parent.returncode == 1
    assert run.environment["status"] == runs.KILLED


@pytest.fixture
def unwatched(tmp_path):
    """A run that was under way, of which nothing but its history is left."""
    run = runs.create(tmp_path / "runs", "mlp", "pytorch")
    text = '[model]\nkind = "mlp"\n[train]\nframework = "pytorch"\n'
    write_text(run.folder / "choices.toml", text)
    (run.folder / "history.csv").write_text("epoch,valid_loss,seconds\n1,0.5,1.0\n")
    (run.folder / "progress.csv").write_text("1,1,1,0.5\n")
    write_json(run.folder / "environment.json", {"status": "running", "process": 2**22 + 1})
    return run


def test_a_run_that_was_killed_is_recorded_as_killed(unwatched):
    os.utime(unwatched.folder / "history.csv", (1.7e9, 1.7e9))
    settle(unwatched)
    written = unwatched.environment
    assert written["status"] == runs.KILLED
    assert written["ended"].startswith("2023-11-1")
    assert not (unwatched.folder / "progress.csv").exists()


def test_a_run_that_somebody_has_in_hand_is_not_settled(unwatched):
    held = runs.lock(unwatched)
    settle(unwatched)
    assert unwatched.environment["status"] == runs.RUNNING
    held.release()


def test_a_run_where_nothing_can_be_written_is_left_as_it_is(unwatched, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    settle(unwatched)
    assert unwatched.environment["status"] == runs.RUNNING
    assert unwatched.status == runs.KILLED


# What the script says of its end counts, whatever else it leaves


@pytest.mark.parametrize("said", runs.COMPLETE)
def test_a_script_that_says_it_has_ended_has_a_checkpoint_or_not(
    said, make_project, script, silent
):
    path = script(said)
    path.write_text("open('checkpoint.pt', 'w').close()\n" + path.read_text())
    project = make_project("digits")
    run = one_run.train_script(path, project, silent())
    assert run.status == run.environment["status"] == said
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent())
    assert caught.value.key == "run_finished"


def test_a_script_that_says_it_failed_has(make_project, script, silent):
    project = make_project("digits")
    with pytest.raises(ApprentiError) as caught:
        one_run.train_script(script("failed", code=1), project, silent())
    assert caught.value.key == "script_failed"
    assert [run.status for run in runs.all_runs(project.runs_folder)] == [runs.FAILED]


def test_what_an_earlier_execution_said_of_its_end_is_forgotten(make_project, script, silent):
    project = make_project("digits")
    path = script("interrupted")
    # The second time it goes to a quiet end, and says nothing
    text = path.read_text().replace("import json", "import json, sys", 1)
    again = "if (folder / 'once').exists():\n    sys.exit(0)\n(folder / 'once').touch()\n"
    path.write_text(text.replace("rows = ", again + "rows = ", 1))
    run = one_run.train_script(path, project, silent())
    assert run.status == runs.INTERRUPTED
    one_run.resume(run, project, silent())
    assert run.status == runs.FINISHED
    assert not (run.folder / "status.json").exists()


# The curves are drawn while the script leaves, which takes a framework half a second

UNTIL_DRAWN = """
deadline = time.monotonic() + 60
while not (folder / "curves.png").exists() and time.monotonic() < deadline:
    time.sleep(0.01)
print("drawn" if (folder / "curves.png").exists() else "not drawn", flush=True)
"""
ONE_MORE = """
rows.append("4,9.0,9.0,0.4")
(folder / "history.csv").write_text("\\n".join(rows) + "\\n")
"""


def leaves_late(path, then=""):
    before, after = path.read_text().rsplit("raise SystemExit", 1)
    path.write_text(f"{before}{UNTIL_DRAWN}{then}raise SystemExit{after}")
    return path


def test_the_curves_are_drawn_while_a_script_that_said_its_end_leaves(make_project, script, silent):
    watcher = silent()
    one_run.train_script(leaves_late(script()), make_project("digits"), watcher)
    assert watcher.lines[-1] == "drawn"


def test_the_curves_show_what_a_script_added_after_it_had_said_its_end(
    make_project, script, silent, tmp_path
):
    path = leaves_late(script(), ONE_MORE)
    run = one_run.train_script(path, make_project("digits"), silent())
    assert len(run.history) == 4
    assert run.curves.read_bytes() == curves.draw([run], tmp_path / "c.png").read_bytes()


@pytest.mark.parametrize(
    ("said", "checkpoint", "left"),
    [
        ('{"status": "interrupted", "epochs": 0}', False, 0),
        ('{"status": "interrupted", "epochs": 0}', True, 1),
        ('{"status": "interrupted", "epochs": 1}', False, 1),
        ('{"status": "failed", "epochs": 0}', False, 1),
        ("{}", False, 1),
    ],
)
def test_an_epoch_that_was_reported_and_not_saved_is_none(tmp_path, said, checkpoint, left):
    """Ctrl-C may come between the two; a run that is resumed has its checkpoint."""
    run = runs.create(tmp_path / "runs", "mlp", "sklearn")
    (run.folder / "history.csv").write_text("epoch,train_loss,valid_loss\n1,0.5,0.5\n")
    (run.folder / "status.json").write_text(said)
    if checkpoint:
        (run.folder / "checkpoint.npz").write_bytes(b"")
    clear(run)
    assert len(run.history) == left
