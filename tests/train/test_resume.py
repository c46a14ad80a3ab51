"""A run that was stopped or killed goes on, and ends as if nothing had happened."""

import contextlib
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import psutil
import pytest

from apprenti import runs
from apprenti.errors import ApprentiError
from apprenti.train import one_run

FRAMEWORKS = ("pytorch", "tensorflow", "sklearn")
CHECKPOINTS = {
    "pytorch": "checkpoint.pt",
    "tensorflow": "checkpoint.npz",
    "sklearn": "checkpoint.npz",
}
# A few seconds of training each, long enough to be stopped in the middle
EPOCHS = {"pytorch": 300, "tensorflow": 50, "sklearn": 80}
SMALL = {"hidden_units": [8], "data.split.train": 200}
ENDLESS = {"epochs": 100_000, **SMALL}

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")

# What is killed and stopped are processes; what goes on afterwards may be a copy of one
pytestmark = pytest.mark.usefixtures("copies")
ONE_FAST = ["pytorch", *(pytest.param(name, marks=pytest.mark.slow) for name in FRAMEWORKS[1:])]


def start(project, *more):
    command = [sys.executable, "-m", "apprenti", "train", "--project", str(project.folder), *more]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8"
    )


def wait_for_epochs(project, count, seconds=120):
    """Wait until the run of a project has gone through some epochs, and return it."""
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        made = runs.all_runs(project.runs_folder)
        if made and len(made[-1].history) >= count:
            return made[-1]
        time.sleep(0.01)
    raise AssertionError("no run has come so far")


def kill_with_children(process):
    children = psutil.Process(process.pid).children(recursive=True)
    for child in children:
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    process.kill()
    process.communicate()
    # A killed process takes a moment to be gone
    psutil.wait_procs(children, timeout=10)


@pytest.fixture(scope="module")
def uninterrupted(make_project, train):
    """uninterrupted(framework): a run that nobody stopped, made once."""
    made = {}

    def run(framework):
        if framework not in made:
            made[framework] = train(
                make_project("digits", framework=framework, epochs=EPOCHS[framework], **SMALL)
            )
        return made[framework]

    return run


def same_end(one, other):
    def rows(run):
        return [{k: v for k, v in row.items() if k != "seconds"} for row in run.history]

    assert len(one.history) == EPOCHS[one.framework]
    assert rows(one) == rows(other)
    for name in ("predictions.csv", "model/model.json"):
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()
    assert weights(one) == weights(other)


def weights(run):
    """Return what a run has learned as bytes; of skops, whose zip has dates and ids, the arrays."""
    if run.framework != "sklearn":
        return run.weights.read_bytes()
    import skops.io

    model = skops.io.load(run.weights, trusted=skops.io.get_untrusted_types(file=run.weights))
    return [array.tobytes() for array in model.coefs_ + model.intercepts_]


@pytest.mark.parametrize("framework", ONE_FAST)
def test_a_killed_run_resumes_and_ends_like_one_that_was_not(
    framework, make_project, uninterrupted, silent
):
    project = make_project("digits", framework=framework, epochs=EPOCHS[framework], **SMALL)
    process = start(project)
    run = wait_for_epochs(project, 3)
    kill_with_children(process)
    assert run.status == runs.KILLED
    assert 3 <= len(run.history) < EPOCHS[framework]
    assert (run.folder / CHECKPOINTS[framework]).exists()
    one_run.resume(run, project, silent())
    assert run.status == runs.FINISHED
    assert not (run.folder / CHECKPOINTS[framework]).exists()
    same_end(run, uninterrupted(framework))


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("framework", ONE_FAST)
def test_ctrl_c_leaves_a_usable_run_that_resumes_to_the_same_end(
    framework, make_project, uninterrupted, silent
):
    project = make_project("digits", framework=framework, epochs=EPOCHS[framework], **SMALL)
    process = start(project)
    run = wait_for_epochs(project, 3)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert run.status == runs.INTERRUPTED
    assert f"--resume {run.name}" in err
    assert "Traceback" not in out + err
    whole = len(run.history)
    # The third epoch is taken back if the stop falls between its history and its checkpoint
    assert 2 <= whole < EPOCHS[framework]
    assert run.weights and run.parameters and run.curves.exists()
    # The predictions are those of the last whole epoch
    lines = (run.folder / "predictions.csv").read_text(encoding="utf-8").splitlines()[1:]
    right = sum(truth == said for _, truth, said, *_ in (line.split(",") for line in lines))
    assert round(right / len(lines), 6) == run.history[-1]["valid_accuracy"]
    one_run.resume(run, project, silent())
    same_end(run, uninterrupted(framework))


@pytest.mark.slow
@posix_only
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow"])
def test_the_record_of_the_updates_is_that_of_a_run_that_nobody_stopped(
    framework, make_project, train, silent
):
    more = {"framework": framework, "epochs": EPOCHS[framework], "record_updates": True, **SMALL}
    project = make_project("digits", **more)
    process = start(project)
    run = wait_for_epochs(project, 3)
    kill_with_children(process)
    with contextlib.suppress(ApprentiError):
        one_run.resume(run, project, Stopped("epoch 20 "))
    assert len(run.history) < EPOCHS[framework]
    one_run.resume(run, project, silent())
    never_stopped = train(make_project("digits", **more))
    lines = [(one.folder / "updates.csv").read_text().splitlines() for one in (run, never_stopped)]
    assert lines[0] == lines[1]
    assert {int(line.split(",")[0]) for line in lines[0][1:]} == {*range(1, EPOCHS[framework] + 1)}


@pytest.mark.slow
def test_a_time_limit_stops_a_run_as_ctrl_c_would(make_project, silent):
    project = make_project("digits", **ENDLESS)
    # A busy machine may need longer to begin than the limit gives it
    for limit in (4, 8, 16, 32):
        process = start(project, "--time-limit", str(limit), "--json")
        out, err = process.communicate(timeout=60 + limit)
        if process.returncode == 0:
            break
    assert process.returncode == 0, err
    run = runs.all_runs(project.runs_folder)[-1]
    assert run.status == runs.INTERRUPTED
    assert f'"epoch": {len(run.history)}' in out


# Files from a run folder are not trusted

A_MINUTE = 60
"""A file that is trusted all the same would be learned from without end."""


class Stopped:
    """Hears the script, and presses Ctrl-C after some epochs."""

    def __init__(self, at="epoch 3 "):
        self.at = at

    def line(self, text):
        if text.startswith(self.at):
            raise KeyboardInterrupt

    def progress_to(self, at):
        pass


@posix_only
def test_a_stop_that_comes_too_late_leaves_a_finished_run(make_project, silent, tmp_path):
    script = tmp_path / "own.py"
    script.write_text(
        "import signal\n"
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n"
        "print('epoch 3 ', flush=True)\n"
        "import time; time.sleep(0.5)\n"
        "open('history.csv', 'w').write('epoch,valid_loss,seconds\\n3,0.5,1.0\\n')\n",
        encoding="utf-8",
    )
    project = make_project("digits")
    # Whoever runs several stops before the next
    with pytest.raises(KeyboardInterrupt):
        one_run.train_script(script, project, Stopped())
    (run,) = runs.all_runs(project.runs_folder)
    assert run.status == runs.FINISHED


@pytest.fixture(scope="module")
def stopped(make_project, tmp_path_factory):
    """stopped(framework): a copy of a project whose run was stopped, to tamper with."""
    from apprenti.train.plan import plan

    made = {}

    def copy(framework):
        if framework not in made:
            project = make_project("digits", framework=framework, **ENDLESS)
            with pytest.raises(ApprentiError) as caught:
                one_run.train(plan(project), project.runs_folder, Stopped())
            assert caught.value.exit_status == 130
            assert list(project.runs_folder.glob("*/checkpoint.*"))
            made[framework] = project
        folder = tmp_path_factory.mktemp("copy") / "project"
        shutil.copytree(made[framework].folder, folder)
        project = made[framework]._replace(folder=folder)
        return project, runs.all_runs(project.runs_folder)[-1]

    return copy


class Trap:
    """Creates a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_checkpoint_that_would_run_code_is_not_opened(framework, stopped, silent, tmp_path):
    project, run = stopped(framework)
    trap = Trap(tmp_path / "sprung")
    checkpoint = run.folder / CHECKPOINTS[framework]
    if framework == "pytorch":
        import torch

        torch.save({"origin": "", "history": [], "model": trap, "optimizer": {}}, checkpoint)
    else:
        np.savez(checkpoint, origin=np.array([trap], dtype=object), history="[]")
    assert b"open" in checkpoint.read_bytes(), "the trap is not in the file"
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key == "weights_unsafe"
    assert not (tmp_path / "sprung").exists()
    assert run.status == runs.FAILED
    # The trap works: whoever opens it with pickle springs it
    pickle.loads(pickle.dumps(trap)).close()
    assert (tmp_path / "sprung").exists()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_bare_pickle_in_place_of_a_checkpoint_is_not_opened(framework, stopped, silent, tmp_path):
    project, run = stopped(framework)
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    (run.folder / CHECKPOINTS[framework]).write_bytes(trap)
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key in ("weights_unsafe", "checkpoint_damaged")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_checkpoint_cut_short_is_told(framework, stopped, silent):
    project, run = stopped(framework)
    checkpoint = run.folder / CHECKPOINTS[framework]
    checkpoint.write_bytes(checkpoint.read_bytes()[:-400])
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key == "checkpoint_damaged"


def test_a_changed_script_is_not_resumed(stopped, silent):
    project, run = stopped("pytorch")
    run.script.write_text(run.script.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key == "script_changed"


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_a_run_whose_split_is_not_what_was_written_is_not_resumed(stopped, silent, how):
    project, run = stopped("pytorch")
    path = run.folder / "split.parquet"
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key == "split_changed"


def test_changed_data_are_not_resumed(make_project, images_npz, tmp_path, silent):
    from apprenti.train.plan import plan

    data = tmp_path / "images.npz"
    shutil.copyfile(images_npz, data)
    project = make_project(str(data), framework="sklearn", **ENDLESS)
    with pytest.raises(ApprentiError):
        one_run.train(plan(project), project.runs_folder, Stopped())
    run = runs.all_runs(project.runs_folder)[-1]
    with np.load(data) as arrays:
        np.savez(data, x=arrays["x"] + 1, y=arrays["y"])
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, project, silent(), A_MINUTE)
    assert caught.value.key == "data_changed"


def test_a_finished_run_has_nothing_to_resume(uninterrupted, make_project, silent):
    run = uninterrupted("sklearn")
    with pytest.raises(ApprentiError) as caught:
        one_run.resume(run, make_project("digits"), silent(), A_MINUTE)
    assert caught.value.key == "run_finished"
