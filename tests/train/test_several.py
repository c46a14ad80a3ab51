"""Several runs side by side: none twice, the longest first, all stopped by one Ctrl-C."""

import os

import psutil
import pytest

from apprenti import runs
from apprenti.errors import ApprentiError, Interrupted
from apprenti.train import one_run, several
from apprenti.train.changes import changes
from apprenti.train.comparison import contestants
from apprenti.train.plan import plan
from apprenti.train.reuse import find_same, find_twin
from apprenti.train.several import at_once, train_all
from apprenti.writing import write_json

posix_only = pytest.mark.skipif(os.name == "nt", reason="POSIX signals")


@pytest.fixture
def audience(silent):
    """Who hears of several runs, and keeps what was heard."""

    class Audience:
        def __init__(self):
            self.heard, self.under_way, self.most = [], 0, 0

        def changed(self, change):
            self.heard.append(("changed", change.name))

        def reused(self, run):
            self.heard.append(("reused", run.name))

        def watch(self, watched):
            self.heard.append(("began", watched.model))
            self.under_way += 1
            self.most = max(self.most, self.under_way)
            return silent()

        def leave(self, watcher):
            self.under_way -= 1

        @property
        def began(self):
            return [what for kind, what in self.heard if kind == "began"]

    return Audience


@pytest.fixture
def quick(make_project):
    """The digits with a decision tree, which is compared with the two baselines."""
    return make_project("digits", kind="tree", framework="sklearn", max_depth=3, iterations=5)


@pytest.mark.slow
def test_the_longest_begins_first_and_the_runs_come_in_their_order(quick, audience, monkeypatch):
    monkeypatch.setattr(several, "cores", lambda: 2)
    hears = audience()
    made = train_all(list(contestants(quick)), hears)
    assert [run.model for run in made] == ["trivial", "linear", "tree"]
    assert [run.name.split("-")[3] for run in made] == ["001", "002", "003"]
    assert [run.status for run in made] == [runs.FINISHED] * 3
    assert hears.began[0] == "tree"
    assert sorted(hears.began) == ["linear", "tree", "trivial"]
    assert (hears.most, hears.under_way) == (2, 0)


@pytest.mark.slow
def test_what_is_there_already_is_not_trained_again(quick, audience):
    projects = list(contestants(quick))
    made = train_all(projects, audience())
    hears = audience()
    assert train_all(projects, hears) == made
    assert hears.heard == [("reused", run.name) for run in made]
    hears = audience()
    anew = train_all(projects, hears, again=True)
    assert len(hears.began) == 3
    assert not set(anew) & set(made)
    # The latest of several that are the same
    assert train_all(projects, audience()) == anew


@pytest.fixture
def made(make_project, train):
    """A project, its plan, and the finished run that came of it."""
    project = make_project("digits", kind="trivial", framework="sklearn")
    return project, plan(project), train(project)


def change_environment(run, **changes):
    write_json(run.folder / "environment.json", {**run.environment, **changes})


DIFFERENT = {
    "status": lambda run: change_environment(run, status=runs.INTERRUPTED),
    "version": lambda run: change_environment(
        run, versions={**run.environment["versions"], "numpy": "1"}
    ),
    "data": lambda run: change_environment(
        run, hashes={**run.environment["hashes"], "data": {"digits": "other"}}
    ),
    "script": lambda run: run.script.write_text(run.script.read_text() + "# mine\n"),
    "results": lambda run: (run.folder / "predictions.csv").write_text("row\n"),
    "weights": lambda run: run.weights.unlink(),
    "record": lambda run: (run.folder / "environment.json").unlink(),
}


@pytest.mark.few(3)
@pytest.mark.parametrize("what", DIFFERENT)
def test_a_run_that_differs_in_anything_is_not_taken_for_the_same(made, what):
    project, planned, run = made
    assert find_same(planned, project.runs_folder) == run
    DIFFERENT[what](run)
    assert find_same(planned, project.runs_folder) is None


@pytest.mark.slow
def test_a_run_that_was_made_twice_has_a_twin(made, make_project, train):
    project, _, run = made
    assert find_twin(run) is None
    again = train(project)
    assert find_twin(again) == run
    settings = {"kind": "trivial", "framework": "sklearn", "data.split.seed": 5}
    assert find_twin(train(make_project("digits", folder=project.folder, **settings))) is None
    change_environment(again, status=runs.INTERRUPTED)
    assert find_twin(run) is None


def test_data_that_have_changed_since_the_latest_run_are_told(made):
    project, planned, run = made
    source = planned.source._replace(hashes={"a.csv": "new", "b.csv": "same"})
    assert changes(source, project) == []
    hashes = {"data": {"a.csv": "old", "b.csv": "same"}}
    change_environment(run, hashes=hashes)
    assert changes(source, project) == [("a.csv", run.name)]


@pytest.mark.parametrize(
    ("cores", "threads", "free", "expected"),
    [
        (2, 1, 64e9, 2),
        (8, 1, 64e9, 8),
        (8, 4, 64e9, 2),
        (1, 1, 64e9, 1),
        (2, 4, 64e9, 1),
        (8, 1, 4e9, 3),
        (8, 1, 1e9, 1),
    ],
)
def test_so_many_run_at_once_as_there_are_cores_and_memory(
    make_project, monkeypatch, cores, threads, free, expected
):
    plans = [plan(make_project("digits", threads=threads))]
    monkeypatch.setattr(several, "cores", lambda: cores)
    memory = psutil.virtual_memory()._replace(available=free)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert at_once(plans) == expected


def test_large_data_leave_room_for_fewer(make_project, monkeypatch):
    small = plan(make_project("digits"))
    large = small._replace(source=small.source._replace(rows=20_000_000))
    monkeypatch.setattr(several, "cores", lambda: 8)
    memory = psutil.virtual_memory()._replace(available=40e9)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    assert (at_once([small]), at_once([small, large])) == (8, 2)


@pytest.fixture
def endless(make_project):
    """Two runs of scikit-learn's network that would take for ever, and a third."""
    project = make_project("digits", framework="sklearn", epochs=100_000, hidden_units=[4])
    choices = project.choices
    return [
        project._replace(
            choices=choices.model_copy(
                update={"train": choices.train.model_copy(update={"seed": seed})}
            )
        )
        for seed in range(3)
    ]


class Stops:
    """Presses Ctrl-C once both of the runs that it watches have learned something."""

    def __init__(self):
        self.watchers = []

    def changed(self, change):
        pass

    def watch(self, watched):
        self.watchers.append(Watches(self))
        return self.watchers[-1]

    def leave(self, watcher):
        pass


class Watches:
    def __init__(self, stops):
        self.stops, self.epochs, self.pressed = stops, 0, False

    def line(self, text):
        self.epochs += text.startswith("epoch")
        both = all(watcher.epochs > 1 for watcher in self.stops.watchers)
        if both and len(self.stops.watchers) == 2 and not self.stops.watchers[0].pressed:
            self.stops.watchers[0].pressed = True
            raise KeyboardInterrupt

    def progress_to(self, at):
        pass


class StopsAtTheSecondEpoch:
    """Presses Ctrl-C when two epochs were heard, of which the first is kept."""

    epochs = 0

    def line(self, text):
        if text.startswith("epoch"):
            self.epochs += 1
            if self.epochs == 2:
                raise KeyboardInterrupt

    def progress_to(self, at):
        pass


@pytest.mark.slow
@posix_only
def test_ctrl_c_stops_all_and_each_can_be_gone_on_with(endless, monkeypatch):
    monkeypatch.setattr(several, "cores", lambda: 2)
    with pytest.raises(Interrupted) as caught:
        train_all(endless, Stops())
    made = runs.all_runs(endless[0].runs_folder)
    assert [run.status for run in made] == [runs.INTERRUPTED] * 2
    # Of the third, which never began, nothing is left
    left = endless[0].runs_folder.glob("[!.]*")
    assert sorted(path.name for path in left) == [run.name for run in made]
    assert caught.value.key == "interrupted_several"
    assert all(run.name in str(caught.value) for run in made)
    for run in made:
        before = len(run.history)
        with pytest.raises(Interrupted):
            one_run.resume(run, endless[0], StopsAtTheSecondEpoch())
        assert len(run.history) > before


def test_one_that_fails_is_told_when_those_beside_it_have_ended(quick, audience, monkeypatch):
    monkeypatch.setattr(several, "cores", lambda: 2)

    def wrong(project, **more):
        planned = plan(project, **more)
        if project.choices.model.kind != "tree":
            return planned
        return planned._replace(files={**planned.files, "train.py": "1 / 0\n"})

    monkeypatch.setattr(several, "plan", wrong)
    with pytest.raises(ApprentiError) as caught:
        train_all(list(contestants(quick)), audience())
    assert caught.value.key == "script_failed"
    made = {run.model: run.status for run in runs.all_runs(quick.runs_folder)}
    assert made["tree"] == runs.FAILED
    assert {status for model, status in made.items() if model != "tree"} == {runs.FINISHED}
