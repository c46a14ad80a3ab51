"""The leaderboard: the best first, who is not distinguishable from it, and what went wrong."""

import json

import pytest

import apprenti
from apprenti import runs
from apprenti.errors import ApprentiError, Interrupted
from apprenti.evaluate import leaderboard
from apprenti.train.audience import Nobody
from apprenti.train.candidates import Candidates


def few(chosen, *kinds):
    """Return the candidates of these kinds alone, so that a test is quick."""
    kept = [
        (project, planned)
        for project, planned in zip(chosen.projects, chosen.plans, strict=True)
        if planned.choices.model.kind in kinds
    ]
    projects, plans = zip(*kept, strict=True)
    return Candidates(projects, plans, chosen.left_out)


class Hears(Nobody):
    """Keeps what is heard of the runs."""

    def __init__(self):
        self.reused_runs, self.began = [], []

    def reused(self, run):
        self.reused_runs.append(run.model)

    def watch(self, watched):
        self.began.append(watched.model)
        return self


@pytest.fixture(scope="module")
def digits(make_project):
    """A project on the digits, four of the models that suit them, and their leaderboard."""
    project = make_project("digits", framework="sklearn", iterations=20, n_estimators=10)
    chosen = few(leaderboard.choose(project), "trivial", "linear", "tree", "knn")
    return project, chosen, leaderboard.make(chosen, Nobody())


@pytest.mark.slow
def test_the_best_comes_first_with_intervals_that_hold_the_scores(digits):
    _, _, board = digits
    scores = [one.score for one in board.entries]
    assert scores == sorted(scores, reverse=True)
    assert [one.model for one in board.entries][-2:] == ["tree", "trivial"]
    for one in board.entries:
        assert 0 <= one.low < one.score < one.high <= 1
    assert board.rows == 270
    assert board.best == board.entries[0]


def test_a_model_is_level_with_the_best_if_the_interval_of_the_difference_holds_zero(digits):
    _, _, board = digits
    assert board.best.gap is None
    for one in board.entries[1:]:
        assert one.gap == pytest.approx(board.best.score - one.score, abs=1e-6)
        assert one.gap_low < one.gap < one.gap_high
        assert one.standing == ("behind" if one.gap_low > 0 else "level")
    standings = {one.model: one.standing for one in board.entries}
    assert standings["trivial"] == standings["tree"] == "behind"


def test_the_scores_and_the_costs_are_those_of_the_runs(digits):
    _, _, board = digits
    for one, run in zip(board.entries, board.runs, strict=True):
        assert one.run == run.name
        assert one.score == run.history[-1]["valid_accuracy"]
        assert one.seconds == run.history[-1]["seconds"]
        assert one.size == run.weights.stat().st_size
        # Of a script that ends between two looks at it, it is not known
        assert one.memory_mb is None or one.memory_mb > 20


def test_the_same_models_are_not_trained_again_and_are_told(digits):
    _, chosen, board = digits
    hears = Hears()
    again = leaderboard.make(chosen, hears)
    assert again == board
    assert sorted(hears.reused_runs) == ["knn", "linear", "tree", "trivial"]
    assert hears.began == []


def test_json_has_numbers_as_numbers_and_no_words(digits):
    _, _, board = digits
    told = json.loads(json.dumps(board.as_json(), allow_nan=False))
    assert told["best"] == board.entries[0].run
    assert (told["measure"], told["validation_rows"]) == ("accuracy", 270)
    first = told["models"][0]
    assert first["standing"] == "best"
    assert isinstance(first["low"], float)
    assert told["stopped"] is False


def test_the_picture_shows_each_model_with_its_interval(digits, tmp_path):
    _, _, board = digits
    (axes,) = leaderboard.figure(board).axes
    labels = [label.get_text() for label in axes.get_yticklabels()]
    # The trivial model is so far off that it is told under the picture
    assert labels == [leaderboard.label(one) for one in reversed(board.entries[:-1])]
    assert board.entries[-1].score < 0.2
    assert board.measure.written(board.entries[-1].score) in axes.get_xlabel()
    assert leaderboard.draw(board, tmp_path / "board.png").stat().st_size > 10_000


@pytest.mark.slow
def test_numbers_are_ranked_by_r2(make_project):
    project = make_project("diabetes", framework="sklearn")
    board = leaderboard.make(
        few(leaderboard.choose(project), "trivial", "linear", "tree"), Nobody()
    )
    assert board.measure.name == "r2"
    assert board.entries[0].model == "linear"
    scores = {one.model: one.score for one in board.entries}
    assert scores["trivial"] == pytest.approx(0, abs=0.05)
    for one in board.entries:
        assert one.low < one.score < one.high <= 1


def test_python_has_it_too(digits, monkeypatch):
    project, chosen, board = digits
    monkeypatch.setattr(leaderboard, "choose", lambda project, overridden: chosen)
    made = apprenti.compare_all(project.folder)
    assert list(made.frame.index) == [one.run for one in board.entries]
    assert made.runs[0].name == board.best.run
    assert made.frame.loc[board.best.run, "standing"] == "best"
    assert len(made.plot().axes) == 1


def planned_wrongly(chosen, kind, text):
    plans = [
        one
        if one.choices.model.kind != kind
        else one._replace(files={**one.files, "train.py": text})
        for one in chosen.plans
    ]
    return chosen._replace(plans=plans)


@pytest.mark.slow
def test_a_model_that_fails_is_a_row_and_spares_the_others(make_project):
    project = make_project("iris", framework="sklearn")
    chosen = few(leaderboard.choose(project), "trivial", "linear", "tree")
    board = leaderboard.make(planned_wrongly(chosen, "linear", "1 / 0\n"), Nobody())
    assert [one.model for one in board.entries] == ["tree", "trivial", "linear"]
    wrong = board.entries[-1]
    assert (wrong.standing, wrong.status, wrong.score) == ("lost", runs.FAILED, None)
    assert wrong.error == "script_failed"
    assert isinstance(board.errors[wrong.run], ApprentiError)
    assert board.best.model == "tree"
    assert json.dumps(board.as_json(), allow_nan=False)


@pytest.mark.slow
def test_a_setting_that_no_model_uses_is_refused(make_project):
    project = make_project("iris", framework="sklearn")
    with pytest.raises(ApprentiError) as caught:
        leaderboard.choose(project, ["model.max_tokens"])
    assert caught.value.key == "no_effect"
    leaderboard.choose(project, ["model.n_neighbors"])


class Stops(Hears):
    """Presses Ctrl-C when the second model ends."""

    ended = 0

    def leave(self, watcher):
        self.ended += 1
        if self.ended == 2:
            raise KeyboardInterrupt


@pytest.mark.slow
def test_ctrl_c_leaves_a_leaderboard_of_what_is_done(make_project, monkeypatch):
    from apprenti.train import several

    monkeypatch.setattr(several, "cores", lambda: 1)
    project = make_project("iris", framework="sklearn")
    chosen = few(leaderboard.choose(project), "trivial", "linear", "tree", "knn")
    board = leaderboard.make(chosen, Stops())
    assert board.stopped
    assert board.best is not None
    assert 1 <= len(board.entries) < 4
    # What never began left no folder, and the rest is made when the same is asked again
    assert len(runs.all_runs(project.runs_folder)) == len(board.entries)
    hears = Hears()
    whole = leaderboard.make(chosen, hears)
    assert len(whole.entries) == 4
    assert len(hears.reused_runs) >= 1
    assert not whole.stopped


def test_the_errors_of_a_stop_are_those_of_a_command():
    assert Interrupted("board_stopped", done=1, all=2).parts()[0]
