"""The model of a run predicts new rows: its own predict.py reads, prepares and predicts them.

That script was written with the one that trained the model, out of the same blocks. Here it is
found out what the new rows are, what of them does not fit, and what the model cannot know.
"""

import csv
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import optional, runs
from apprenti.errors import ApprentiError, nearest
from apprenti.model.catalogue import TABLES, Material
from apprenti.outside import check_ordinary, reading, real
from apprenti.predict import arrays, images, tables
from apprenti.predict.notes import Note, Seen
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.run_local import Watcher


class Answers(NamedTuple):
    rows: list[dict[str, str]]
    """One for each new row: row, predicted, and for classes the confidence and the probabilities
    of all of them."""
    notes: list[Note]


def predict(run: Run, given: str, watcher: Watcher) -> Answers:
    """Return what the model of a run says of the rows in a file or folder, or of a line of text."""
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    if not (run.folder / runs.PREDICT).is_file() or not (run.folder / runs.EVALUATE).is_file():
        raise ApprentiError("run_before_predict", run=run.name)
    optional.require(run.framework)
    material, settings = recipe(run)
    path = real(Path(os.path.expanduser(given)))
    with tempfile.TemporaryDirectory() as made:
        if material.texts and given.strip() and not os.path.exists(path):
            path = _write_line(Path(made) / "line.csv", str(settings["text"]), given)
        if not os.path.exists(path):
            names = os.listdir(path.parent) if os.path.isdir(path.parent) else []
            raise ApprentiError("new_rows_missing", path=path, nearest=nearest(path.name, names))
        if not path.is_dir():
            check_ordinary(path)
        with reading(path, "data_unusable"):
            seen = _look(path, run, material, settings)
        answers = Path(made) / "answers.csv"
        words = [str(path), str(answers), json.dumps(seen.settings, ensure_ascii=True)]
        outcome = run_local.execute(run.folder / runs.PREDICT, None, watcher, arguments=words)
        if outcome.stopped:
            raise KeyboardInterrupt
        if outcome.exit_status:
            raise run_local.explain(outcome, run.folder)
        return Answers(runs.read_rows(answers), list(seen.notes))


def _look(path: Path, run: Run, material: Material, settings: Mapping[str, Any]) -> Seen:
    """Return how new rows are read, and what is worth knowing of them."""
    if material.of_files:
        return images.look(path, settings)
    if material.reading in TABLES:
        return tables.look(path, settings, _preparation(run))
    return arrays.look(path, material, settings, _preparation(run))


def recipe(run: Run) -> tuple[Material, dict[str, Any]]:
    """Return what the scripts of a run were made from: what it learned from, and its settings."""
    try:
        content = json.loads((run.folder / runs.RECIPE).read_text(encoding="utf-8"))
        told: dict[str, Any] = content["material"]
        found = Material(**{**told, "shape": tuple(told["shape"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise ApprentiError("no_recipe", run=run.name) from None
    return found, content["settings"]


def _preparation(run: Run) -> Mapping[str, Any]:
    description = json.loads((run.folder / "model" / "model.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = description["preparation"]
    return found


def _write_line(path: Path, column: str, text: str) -> Path:
    # Bytes that are no letters become question marks
    with open(path, "w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows([[column], [text]])
    return path
