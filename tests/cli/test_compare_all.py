"""apprenti compare --all: what the screen, the JSON and the folder have of it."""

import io
import json

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from apprenti import evaluate, language
from apprenti.cli import leaderboard
from apprenti.evaluate.leaderboard import Board, Entry
from apprenti.measures import measure_named

FAILED = Entry(
    "2026-11-26-004-svm-sklearn",
    "004",
    "svm",
    "sklearn",
    "classification",
    "failed",
    "lost",
    None,
    None,
    None,
    None,
    0.0,
    None,
    0,
    None,
    "script_failed",
)


def entry(number, model, framework, standing, score, gap=None):
    return FAILED._replace(
        run=f"2026-11-26-{number}-{model}-{framework}",
        short=number,
        model=model,
        framework=framework,
        status="finished",
        standing=standing,
        score=score,
        low=score - 0.1,
        high=score + 0.05,
        seconds=1.25,
        memory_mb=312,
        size=4200,
        error=None,
        gap=gap,
    )


BEST = entry("003", "mlp", "tensorflow", "best", 0.9)
LEVEL = entry("002", "mlp", "pytorch", "level", 0.89, 0.01)
LINEAR = entry("005", "linear", "sklearn", "level", 0.88, 0.02)
BEHIND = entry("001", "trivial", "sklearn", "behind", 0.6, 0.3)


def board(*entries, measure="accuracy"):
    return Board(measure_named(measure), 134, entries, (), {}, False, ())


def screen(shown, width):
    out = Console(width=width, record=True, file=io.StringIO())
    out.print(leaderboard.table(shown, width))
    return out.export_text()


@pytest.mark.parametrize("tongue", language.LANGUAGES)
@pytest.mark.parametrize("width", [62, 80, 100])
def test_the_table_fits_and_tells_the_frameworks_apart(tongue, width):
    language.choose(tongue)
    text = screen(board(BEST, LEVEL, LINEAR, BEHIND, FAILED), width)
    assert all(len(line) <= width for line in text.splitlines())
    assert "…" not in text
    for number in ("001", "002", "003", "004", "005"):
        assert number in text
    assert "PyTorch" in text
    assert "TensorFlow" in text
    assert text.count("≈") == 2
    assert ("312" in text) == (width >= 80)


def test_bounds_that_the_rows_do_not_set_are_left_open():
    language.choose("en")
    open_below = BEST._replace(low=None)
    assert "up to 0.950" in screen(board(open_below, measure="r2"), 80)


def told(*entries):
    language.choose("en")
    return " ".join(leaderboard.sentences(board(*entries)))


def test_those_that_are_not_distinguishable_are_counted():
    words = told(BEST, LEVEL, LINEAR, BEHIND)
    assert "Best: multilayer perceptron (MLP), TensorFlow (run 003)" in words
    assert "The 2 models marked ≈ are not distinguishable" in words
    assert "logistic regression is not distinguishable from the best: the simpler model" in words


def test_one_alone_at_the_top_is_ahead():
    assert "ahead of all the others" in told(BEST, BEHIND)
    assert "≈" not in told(BEST, BEHIND)


def test_it_is_said_where_nothing_was_learned():
    assert "nothing has been learned" in told(BEST, BEHIND._replace(standing="level"))


def test_what_failed_alone_gives_no_best():
    assert told(FAILED) == ""


@pytest.mark.slow
def test_compare_all_trains_everything_and_leaves_a_picture(apprenti, make_project):
    small = {"epochs": 1, "n_estimators": 3, "hidden_units": [4], "iterations": 5}
    project = make_project("iris", **small)
    said = apprenti("compare", "--all", "--json", folder=project.folder)
    assert said.status == 0, said.err
    assert said.out.count("\n") == 1
    made = {(one["model"], one["framework"]) for one in said.json["models"]}
    assert made >= {("mlp", "pytorch"), ("mlp", "tensorflow"), ("forest", "sklearn")}
    assert len(made) == len(said.json["models"]) == 11
    assert (project.folder / "leaderboard.png").read_bytes().startswith(b"\x89PNG")
    again = apprenti("compare", "--all", folder=project.folder, COLUMNS="80")
    assert again.status == 0
    assert "11 models already exist" in " ".join(again.out.split())
    assert f"(run {int(said.json['best'][11:14])})" in " ".join(again.out.split())


@pytest.fixture
def leaky(make_project, tmp_path, monkeypatch):
    """A project on a table with the answer in it, of which two models are candidates."""
    random = np.random.default_rng(0)
    sold = random.choice(["yes", "no"], 300)
    columns = {"size": random.normal(size=300), "invoice": np.where(sold == "yes", "paid", "none")}
    pd.DataFrame({**columns, "sold": sold}).to_csv(tmp_path / "sales.csv", index=False)
    choose = evaluate.leaderboard.candidates

    def few(project, source):
        chosen = choose(project, source)
        kept = [n for n, one in enumerate(chosen.plans) if one.choices.model.kind in FEW]
        every = ([each[n] for n in kept] for each in (chosen.projects, chosen.plans))
        return type(chosen)(*every, ())

    monkeypatch.setattr(evaluate.leaderboard, "candidates", few)
    return make_project("sales.csv", folder=tmp_path, target="sold", framework="sklearn")


FEW = ("trivial", "tree")


@pytest.mark.slow
def test_nobody_is_the_best_where_the_answer_is_in_the_data(leaky, capsys):
    language.choose("en")
    leaderboard.run(leaky.folder, {}, False, False)
    out = " ".join(capsys.readouterr().out.split())
    assert "100.00%" in out and "cannot be said, because of D020" in out
    assert "apprenti data --ignore invoice" in out
    assert "Best" not in out and "≈" not in out
    leaderboard.run(leaky.folder, {}, False, True)
    told = json.loads(capsys.readouterr().out)
    assert told["best"] is None
    assert {one["standing"] for one in told["models"]} == {"doubtful"}
    assert told["findings"][0]["code"] == "D020"
