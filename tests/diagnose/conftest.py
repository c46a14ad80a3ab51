"""Runs with curves and predictions of which it is known what is wrong with them."""

import csv
import json

import numpy as np
import pytest
from known_runs import predictions

from apprenti import diagnose, runs
from apprenti.writing import write_json, write_text


@pytest.fixture
def left(tmp_path):
    """left(train_loss=[...], valid_loss=[...], truth=[...], ...): a run that left this.

    `truth`, `predicted` and `sure` are lists of the validation rows; of classes a second class
    shares the rest of the probability.
    """

    def write(name, rows):
        with open(name, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)

    def make(
        truth=(),
        predicted=(),
        sure=None,
        model="mlp",
        framework="pytorch",
        status="finished",
        settings=(),
        **curves,
    ):
        run = runs.create(tmp_path / "runs", model, framework)
        text = '[data]\nsource = "a.csv"\ntarget = "y"\n[data.split]\nseed = 0\n'
        lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in dict(settings).items())
        text += f'[model]\nkind = "{model}"\n[train]\nframework = "{framework}"\n{lines}'
        write_text(run.folder / "choices.toml", text)
        facts = {"status": status, "number": run.number, "split": "same"}
        write_json(run.folder / "environment.json", facts)
        columns = {name: np.atleast_1d(values) for name, values in curves.items()}
        count = max(map(len, columns.values()))
        history = [
            {"epoch": e + 1, **{n: v[min(e, len(v) - 1)] for n, v in columns.items()}, "seconds": e}
            for e in range(count)
        ]
        write(run.folder / "history.csv", history)
        if len(truth):
            write(run.folder / "predictions.csv", predictions(truth, predicted, sure))
        return run

    return make


@pytest.fixture
def told(left):
    """told("R02", ...): what the rule of a code finds in such a run, None if nothing."""

    def ask(code, run=None, **facts):
        found = diagnose.diagnose(run or left(**facts))
        return next((one for one in found.found if one.code == code), None)

    return ask
