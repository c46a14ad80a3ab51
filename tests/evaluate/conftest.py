"""Runs that left predictions: made of rows, without a training."""

import csv

import pytest
import tomlkit

from apprenti import runs
from apprenti.runs import Run
from apprenti.writing import write_json


@pytest.fixture
def left(tmp_path):
    """left(rows, **changes): a run of a project that left these predictions.

    `data`, `model`, `train` and `script` are tables of its choices.toml, `environment` its record,
    `history` the last row of its history.
    """

    def make(rows, name="", environment=None, history=None, **choices):
        project = tmp_path / "project"
        run = runs.create(project / "runs", "mlp", "sklearn")
        if name:
            run = Run(run.folder.rename(run.folder.with_name(name)))
        standard = {"data": {"source": "digits"}, "model": {"kind": "mlp"}}
        content = {**standard, "train": {"framework": "sklearn"}, **choices}
        (run.folder / "choices.toml").write_text(tomlkit.dumps(content), encoding="utf-8")
        record = {"status": "finished", "number": run.number, "split": "the same rows"}
        write_json(run.folder / "environment.json", {**record, **(environment or {})})
        table(run.folder / "predictions.csv", rows)
        if history:
            table(run.folder / "history.csv", [{"epoch": 1, **history}])
        return run

    return make


def table(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def sure():
    """sure("cat", "dog", cat=0.2, dog=0.8): the row of a truth, a prediction and probabilities."""
    count = iter(range(10_000))

    def make(truth, predicted, **probabilities):
        columns = {f"probability_{name}": value for name, value in probabilities.items()}
        row = {"row": next(count), "truth": truth, "predicted": predicted}
        return {**row, "confidence": probabilities[predicted], **columns}

    return make
