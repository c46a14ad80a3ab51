"""What runs is what you get: the script of a run gives the same numbers without Apprenti."""

import ast
import csv

import pandas as pd

WHAT_IS_LEFT = {"train.py", "history.csv", "predictions.csv", "model", "status.json"}
BESIDE = {"predict.py", "evaluate.py"}
"""Written where a run is recorded, from the same blocks; essential.py where there is one."""


def test_a_script_alone_gives_the_same_bytes_as_the_recorded_run(combination, twice, results):
    recorded, alone = twice(*combination)
    assert recorded.script.read_bytes() == (alone / "train.py").read_bytes()
    assert results(recorded.folder) == results(alone)


def test_a_script_leaves_its_results_and_nothing_else(combination, twice, sources):
    data = {getattr(sources[combination[2]], "name", "train.py")}
    data |= {"images"} if combination[2] == "image-table" else set()
    left = {path.name for path in twice(*combination).alone.iterdir()}
    assert left == WHAT_IS_LEFT | data


def test_a_recorded_run_has_the_scripts_that_open_its_model_again(combination, twice):
    run = twice(*combination).recorded
    scripts = {path.name for path in run.folder.glob("*.py")}
    assert scripts - {"essential.py"} == BESIDE | {"train.py"}


def test_a_model_is_kept_as_it_was_at_the_end_and_at_its_best(combination, twice):
    framework, model, _ = combination
    left = {path.name for path in (twice(*combination).alone / "model").iterdir()}
    weights, best = {
        "pytorch": ("weights.pt", "best.pt"),
        "tensorflow": ("model.weights.h5", "best.weights.h5"),
        "sklearn": ("model.skops", "best.skops"),
    }[framework]
    in_epochs = framework != "sklearn" or model == "mlp"
    assert left == {"model.json", weights} | ({best} if in_epochs else set())


def test_a_script_finds_the_split_that_is_written_beside_it(combination, twice):
    run = twice(*combination).recorded
    written = pd.read_parquet(run.folder / "split.parquet")
    with open(run.folder / "predictions.csv", newline="", encoding="utf-8") as file:
        checked = [line["row"] for line in csv.DictReader(file)]
    assert sorted(written["row"][written["part"] == "valid"].astype(str)) == sorted(checked)
    if "group" not in run.choices["data"]:
        asked_for = run.choices["data"]["split"]
        counts = written["part"].value_counts()
        assert {name: counts.get(name, 0) for name in ("train", "valid", "test")} == {
            name: asked_for[name] for name in ("train", "valid", "test")
        }


def test_a_script_does_not_import_apprenti(combination, twice):
    tree = ast.parse(twice(*combination).recorded.script.read_text(encoding="utf-8"))
    imported = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    assert imported
    assert not [name for name in imported if name.startswith("apprenti")]


def test_a_recorded_run_is_finished_and_has_a_history_of_its_epochs(combination, twice):
    run = twice(*combination).recorded
    exact = combination[0] == "sklearn" and combination[1] != "mlp"
    assert run.status == "finished"
    assert len(run.history) == (1 if exact else 8)
    assert run.weights.stat().st_size > 0
