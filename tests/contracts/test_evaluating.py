"""The script that evaluates a run measures its predictions for the test rows, and no others."""

import csv
import json
import math
import os
import re
import shutil
import sys

import numpy as np
import pandas as pd
import pytest

import fork_server
from apprenti import ledger
from apprenti.backends.common.idx_file import read_idx
from apprenti.evaluate import test_set
from apprenti.evaluate.test_set import open_test_set
from apprenti.runs import Run
from apprenti.train.plan import plan

SEVERAL = [
    ("pytorch", "mlp", "digits"),
    ("tensorflow", "mlp", "idx"),
    ("sklearn", "mlp", "arrays-images"),
    ("pytorch", "linear", "arrays-columns"),
    ("sklearn", "boosting", "table"),
    ("tensorflow", "mlp", "table-regression"),
    ("pytorch", "gru", "texts"),
    ("sklearn", "linear", "texts"),
    ("tensorflow", "cnn", "image-folder"),
    ("pytorch", "cnn", "image-table"),
    ("pytorch", "mlp", "table-streamed"),
    ("tensorflow", "cnn", "image-folder-streamed"),
]
"""Each kind of data once, each framework several times."""


def evaluated(run, data):
    """Run evaluate.py where the run lies, and return what it measured and predicted."""
    variables = {name: value for name, value in os.environ.items() if name != "APPRENTI_DATA"}
    if hasattr(data, "parent"):
        variables["APPRENTI_DATA"] = str(data.parent)
    command = [sys.executable, "-I", "-X", "utf8", "evaluate.py"]
    done = fork_server.run(command, cwd=run.folder, env=variables)
    assert done.returncode == 0, done.stderr
    measures = json.loads((run.folder / "test_measures.json").read_text(encoding="utf-8"))
    # What it says is what it leaves
    said = "  ".join(f"{name} {value}" for name, value in measures.items())
    assert done.stdout.splitlines()[-1] == said
    with open(run.folder / "test_predictions.csv", newline="", encoding="utf-8") as file:
        return measures, [*csv.DictReader(file)]


def by_hand(rows):
    """Return the measures of a classification from its predictions."""
    right = [row["truth"] == row["predicted"] for row in rows]
    of_the_truth = [float(row.get(f"probability_{row['truth']}", 0)) for row in rows]
    losses = [-math.log(max(probability, 1e-7)) for probability in of_the_truth]
    return {"test_accuracy": np.mean(right), "test_loss": np.mean(losses)}


def regression_by_hand(rows, deviation):
    truth, predicted = (np.array([float(row[n]) for row in rows]) for n in ("truth", "predicted"))
    square = np.square(truth - predicted).mean()
    return {"test_r2": 1 - square / truth.var(), "test_loss": square / deviation**2}


@pytest.mark.few(3)
@pytest.mark.parametrize("combination", SEVERAL, ids="-".join)
def test_the_measures_are_those_of_the_predictions_of_the_test_rows(combination, run_of, sources):
    run = run_of(*combination)
    before = {path.name: path.read_bytes() for path in run.folder.glob("*.csv")}
    measures, rows = evaluated(run, sources[combination[2]])
    split = pd.read_parquet(run.folder / "split.parquet")
    expected = sorted(split["row"][split["part"] == "test"].astype(str))
    assert sorted(row["row"] for row in rows) == expected
    assert measures.pop("rows") == len(rows) > 0
    if "confidence" in rows[0]:
        wanted = by_hand(rows)
    else:
        known = json.loads((run.folder / "model" / "model.json").read_text(encoding="utf-8"))
        wanted = regression_by_hand(rows, known["deviation"])
    assert measures.keys() == wanted.keys()
    # Six decimals of each probability are written: a very small one has few digits
    for name, value in wanted.items():
        assert measures[name] == pytest.approx(value, rel=1e-3, abs=1e-4), name
    # What the training left is as it was
    assert {name: (run.folder / name).read_bytes() for name in before} == before


@pytest.mark.parametrize(
    "combination",
    [("pytorch", "linear", "arrays-columns"), ("tensorflow", "mlp", "table-regression")],
    ids="-".join,
)
def test_a_model_that_predicts_no_number_says_so_and_is_not_measured(combination, run_of, sources):
    run = run_of(*combination)
    path = run.folder / "model" / "model.json"
    text = path.read_text(encoding="utf-8")
    # As if it had diverged: whatever it is shown, nothing comes of it
    path.write_text(re.sub(r"-?\d+\.\d+(e-?\d+)?", "NaN", text), encoding="utf-8")
    (run.folder / "test_measures.json").unlink(missing_ok=True)
    variables = {**os.environ, "APPRENTI_DATA": str(sources[combination[2]].parent)}
    command = [sys.executable, "-I", "-X", "utf8", "evaluate.py"]
    try:
        done = fork_server.run(command, cwd=run.folder, env=variables)
    finally:
        # Others look at this run too
        path.write_text(text, encoding="utf-8")
    assert done.returncode == 1
    said = "The model gives what is no number: it diverged, or its file is damaged."
    assert done.stderr.strip().splitlines()[-1] == said
    assert "nan" not in done.stdout
    assert not (run.folder / "test_measures.json").exists()


@pytest.mark.parametrize("combination", SEVERAL[:7], ids="-".join)
def test_the_truth_of_a_test_row_is_its_label_in_the_data(combination, run_of, sources):
    data = combination[2]
    run = run_of(*combination)
    if data == "digits":
        from sklearn.datasets import load_digits

        labels = load_digits().target
    elif data == "idx":
        from apprenti.backends.common.idx_file import read_idx

        labels = read_idx(sources[data] / "train-labels-idx1-ubyte.gz")
    elif data.startswith("arrays"):
        labels = np.load(sources[data])["y"]
    else:
        name = run.choices["data"]["target"]
        written = {"sep": ";", "decimal": ",", "encoding": "cp1252"} if "regr" in data else {}
        labels = pd.read_csv(sources[data], **written)[name].to_numpy()
    _, rows = evaluated(run, sources[data])
    for row in rows:
        label = labels[int(row["row"])]
        if "regression" in data:
            assert float(row["truth"]) == pytest.approx(float(label), rel=1e-6)
        else:
            assert row["truth"] == str(label)


# Data with a test set of their own


@pytest.fixture
def idx_with_test_set(idx_folder, idx_writer, tmp_path):
    from sklearn.datasets import load_digits

    folder = shutil.copytree(idx_folder, tmp_path / "small")
    digits = load_digits()
    images, labels = digits.images[1000:1040] * 15, digits.target[1000:1040].copy()
    # A class that the training never saw is always wrong
    labels[0] = 77
    idx_writer(folder / "t10k-images-idx3-ubyte.gz", images)
    idx_writer(folder / "t10k-labels-idx1-ubyte.gz", labels)
    return folder, labels


@pytest.fixture
def npz_with_test_set(columns_npz, tmp_path):
    with np.load(columns_npz) as arrays:
        inputs, labels = arrays["x"], arrays["y"]
    path = tmp_path / "columns.npz"
    own = {"x_test": inputs[::7], "y_test": labels[::7]}
    np.savez(path, x_train=inputs, y_train=labels, **own)
    return path, labels[::7]


@pytest.mark.few(2)
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
@pytest.mark.parametrize("kind", ["idx_with_test_set", "npz_with_test_set"])
def test_data_with_a_test_set_of_their_own_are_evaluated_on_it(
    kind, framework, request, tiny_project, train
):
    source, labels = request.getfixturevalue(kind)
    settings = {"data.split.test": None}
    project = tiny_project(framework, "linear", str(source), **settings)
    assert plan(project).source.has_test_part
    measures, rows = evaluated(train(project), source)
    assert [row["truth"] for row in rows] == [str(label) for label in labels]
    assert [row["row"] for row in rows] == [str(number) for number in range(len(labels))]
    assert measures["rows"] == len(labels)
    for name, value in by_hand(rows).items():
        assert measures[name] == pytest.approx(value, rel=1e-3, abs=1e-4)
    assert measures["test_accuracy"] > 0.6


def test_the_mistakes_of_a_test_set_of_its_own_are_shown_with_its_images(
    idx_with_test_set, tiny_project, train, copies
):
    source, labels = idx_with_test_set
    project = tiny_project("sklearn", "linear", str(source), **{"data.split.test": None})
    found = open_test_set(train(project)).evaluation
    images = read_idx(source / "t10k-images-idx3-ubyte.gz")
    assert found.mistakes and "77" in [one.truth for one in found.mistakes]
    for one in found.mistakes:
        assert (found.rows.rows[one.row].image == images[int(one.row)]).all()
        assert one.truth == str(labels[int(one.row)])


# As `apprenti evaluate` does it


@pytest.mark.few(3)
@pytest.mark.parametrize("combination", SEVERAL, ids="-".join)
def test_every_kind_of_data_is_evaluated_and_the_opening_recorded(
    combination, run_of, make_project, copies, tmp_path
):
    made = run_of(*combination)
    folder = make_project(made.choices["data"]["source"], folder=tmp_path).folder
    run = Run(shutil.copytree(made.folder, folder / "runs" / made.name))
    found = open_test_set(run)
    said = json.loads((run.folder / "test_measures.json").read_text(encoding="utf-8"))
    assert found.rows == said["rows"]
    assert found.main.value == pytest.approx(said[f"test_{found.main.name}"], abs=1e-6)
    there = ledger.read(folder)
    assert [one.run for one in there.lines] == [run.name] and not there.troubles
    assert test_set.read(run).as_json() == found.as_json()


@pytest.mark.parametrize("column", ["group", "time"])
def test_a_split_by_groups_or_by_time_is_evaluated_on_its_own_rows(
    column, tiny_project, train, tmp_path, copies
):
    numbers = np.random.default_rng(0).normal(size=200)
    table = pd.DataFrame({"x": numbers, "y": np.where(numbers > 0, "up", "down")})
    days = pd.date_range("2026-01-01", periods=200).strftime("%Y-%m-%d")
    table[column] = days if column == "time" else [f"g{place % 20}" for place in range(200)]
    path = tmp_path / "table.csv"
    table.to_csv(path, index=False)
    settings = {"target": "y", f"data.{column}": column}
    run = train(tiny_project("sklearn", "linear", str(path), **settings))
    found = open_test_set(run)
    made = pd.read_csv(run.folder / "test_predictions.csv")
    split = pd.read_parquet(run.folder / "split.parquet")
    assert sorted(made["row"]) == sorted(split["row"][split["part"] == "test"].astype(int))
    assert found.rows == len(made) > 10
    if column == "time":
        assert min(made["row"]) > max(split["row"][split["part"] == "train"].astype(int))


@pytest.mark.few(1)
@pytest.mark.parametrize("framework", ["pytorch", "tensorflow", "sklearn"])
def test_no_training_byte_changes_because_something_was_evaluated(
    framework, tiny_project, train, results, copies
):
    first = train(tiny_project(framework, "linear", "digits"))
    open_test_set(first)
    project = tiny_project(framework, "linear", "digits")
    again = train(project)
    open_test_set(again)
    third = train(project)
    assert third.environment["ledger"]["openings"] == 1
    known = results(first.folder)
    assert results(again.folder) == results(third.folder) == known
    for name in ("train.py", "essential.py", "evaluate.py"):
        texts = {
            (run.folder / name).read_bytes()
            for run in (first, again, third)
            if (run.folder / name).exists()
        }
        assert len(texts) <= 1, name
