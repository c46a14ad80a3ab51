"""A class of which the training set has no row has the probability 0, whatever the model."""

import csv
import json

import numpy as np
import pytest

import apprenti
from apprenti.data.source import open_source
from apprenti.data.split.written import share_out
from apprenti.model.catalogue import BOOSTING, OFFERED
from apprenti.train.plan import plan
from apprenti.train.trials import trials

ROWS = 200
CLASSIFIERS = OFFERED["sklearn"]
"""Those of scikit-learn: a network has an output for every class anyhow."""
DIFFERENT = ("trivial", "linear", "tree", "boosting", "mlp")
"""Those of a fast run: the others are of the kinds of these."""


def write(path, late):
    """Write rows in the order of time, of which these are of a class that begins late."""
    random = np.random.default_rng(0)
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(["year", "x", "z", "y"])
        for row in range(ROWS):
            name = "late" if row in late else "ab"[row % 2]
            x, z = random.normal(size=2) + (row % 2)
            out.writerow([2000 + row // 4, f"{x:.3f}", f"{z:.3f}", name])
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return write(tmp_path_factory.mktemp("late") / "late.csv", range(150, 165))


@pytest.fixture
def made(table, make_project):
    def make(kind, **settings):
        more = {"target": "y", "time": "year", "framework": "sklearn", "epochs": 2}
        return make_project(str(table), kind=kind, **more, **settings)

    return make


@pytest.mark.few(2)
@pytest.mark.parametrize(
    "kind",
    [
        *(kind for kind in CLASSIFIERS if kind in DIFFERENT),
        *(pytest.param(k, marks=pytest.mark.slow) for k in CLASSIFIERS if k not in DIFFERENT),
    ],
)
def test_it_has_the_probability_0_and_the_run_goes_to_its_end(made, train, kind, table):
    project = made(kind)
    run = train(project)
    assert run.status == "finished"
    assert json.loads((run.folder / "model" / "model.json").read_text())["classes"][-1] == "late"
    with open(run.folder / "predictions.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    never = [float(row["probability_late"]) for row in rows]
    # scikit-learn's network knows of the class, and has never seen it
    assert max(never) < (0.5 if kind == "mlp" else 1e-9)
    assert "late" in {row["truth"] for row in rows} - {row["predicted"] for row in rows}
    assert "late" not in {*apprenti.predict(run, table)["y"]}


@pytest.mark.parametrize("kind", BOOSTING)
def test_boosting_that_stops_early_does_too(made, train, kind):
    run = train(made(kind, early_stopping=3))
    assert run.status in ("finished", "stopped early") and len(run.history) > 1


@pytest.mark.parametrize("kind", ["tree", "boosting"])
def test_the_short_form_prints_the_same(made, train, kind, table, capsys, monkeypatch):
    project = made(kind, **({"early_stopping": 3} if kind == "boosting" else {}))
    run = train(project)
    text = (run.folder / "essential.py").read_text(encoding="utf-8")
    monkeypatch.chdir(table.parent)
    capsys.readouterr()
    exec(compile(text, "essential.py", "exec"), {"__name__": "__main__"})
    said = capsys.readouterr().out.splitlines()
    last = run.history[-1]
    assert f"valid_loss {last['valid_loss']:g}" in said[-1] or str(last["valid_loss"]) in said[-1]


def test_where_all_classes_are_taught_a_script_says_nothing_of_it(made, make_project, table):
    said = "0 for those of no training row"
    assert said in plan(made("tree")).files["train.py"]
    at_random = make_project(str(table), kind="tree", target="y", framework="sklearn")
    assert not any(said in text for text in plan(at_random).files.values())
    # A network has an output for each class
    network = plan(made("mlp"))
    assert not any(said in text for text in network.files.values())


def test_it_is_known_of_arrays_and_not_asked_of_numbers(make_project, tmp_path):
    path = tmp_path / "arrays.npz"
    random = np.random.default_rng(1)
    labels = np.array([0, 1] * 60)
    np.savez(path, x=random.normal(size=(120, 3)), y=labels)
    project = make_project(str(path), kind="tree", framework="sklearn")
    source = open_source(project.choices.data, project.folder)
    assert not share_out(source, plan(project).choices.data).untaught
    of_numbers = make_project("diabetes", kind="tree", framework="sklearn")
    source = open_source(of_numbers.choices.data, of_numbers.folder)
    assert not share_out(source, plan(of_numbers).choices.data).untaught


@pytest.mark.slow
def test_trials_share_a_script_in_which_it_is_known(made):
    found = trials(made("tree"), [{"max_depth": 2}, {"max_depth": 3}])
    assert [one.status for one in found] == ["finished", "finished"]
