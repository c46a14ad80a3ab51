"""The model of a run predicts new rows: its own predict.py reads, prepares and predicts them.

That script was written with the one that trained the model, out of the same blocks. Here it is
found out what the new rows are, what of them does not fit, and what the model cannot know.
"""

import csv
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import optional, run_files, runs
from apprenti.errors import ApprentiError, RunDamaged, nearest
from apprenti.language import say
from apprenti.model.catalogue import TABLES, Material
from apprenti.outside import check_ordinary, reading, real
from apprenti.predict import arrays, drawings, images, tables
from apprenti.predict.drawings import Drawing
from apprenti.predict.notes import Note, Seen
from apprenti.run_files import Needed, checked, read_json
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.run_local import Watcher
from apprenti.train import recipe, record, trust

if TYPE_CHECKING:
    import pandas as pd


class Answers(NamedTuple):
    rows: list[dict[str, str]]
    """One for each new row: row, predicted, and for classes the confidence and the probabilities
    of all of them."""
    notes: list[Note]
    drawn: Sequence[Drawing] = ()
    """What was made of new drawings, before the model saw them."""
    told: str = ""
    """That, in words."""


def predict(
    run: Run, given: str, watcher: Watcher, trusted: bool = False, as_is: bool = False
) -> Answers:
    """Return what the model of a run says of the rows in a file or folder, or of a line of text.

    A script that neither this version nor this machine has written is executed if it is `trusted`.
    Drawings are shown to the model `as_is`, or else like those of the training.
    """
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    if run.status == runs.DIVERGED:
        raise ApprentiError("model_diverged", run=run.name)
    if not (run.folder / runs.PREDICT).is_file() or not (run.folder / runs.EVALUATE).is_file():
        raise ApprentiError("run_before_predict", run=run.name)
    material, settings = recipe.read(run)
    settings |= recipe.of_new_rows(run)
    run_files.check_ordinary(run.folder)
    trust.check(run, runs.PREDICT, trusted)
    optional.require(run.framework)
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
        seen = drawings.asked(seen, settings, Path(made), as_is)
        if seen.frame is not None:
            path = _write_table(Path(made) / "rows.parquet", seen.frame)
        answers = Path(made) / "answers.csv"
        words = [str(path), str(answers), json.dumps(seen.settings, ensure_ascii=True)]
        outcome = run_local.execute(run.folder / runs.PREDICT, None, watcher, arguments=words)
        if outcome.stopped:
            raise KeyboardInterrupt
        if outcome.exit_status:
            raise _explained(run_local.explain(outcome, run.folder))
        swapped = [Note("tampered", {"path": str(path)}) for path in record.tampered(run)]
        drawn = drawings.found(Path(made), settings)
        notes = [*swapped, *seen.notes, *drawings.notes(drawn, settings)]
        told = drawings.sentence(drawn, settings)
        return Answers(runs.read_rows(answers), notes, drawn, told)


def _explained(error: ApprentiError) -> ApprentiError:
    """Return what went wrong with predict.py, of which nothing is kept in the folder of the run."""
    if error.key != "script_failed":
        return error
    return ApprentiError("predict_failed", **error.values)


def _look(path: Path, run: Run, material: Material, settings: Mapping[str, Any]) -> Seen:
    """Return how new rows are read, and what is worth knowing of them."""
    if material.of_files:
        return images.look(path, material.reading, settings, _preparation(run, material))
    if material.reading in TABLES:
        return tables.look(path, material.reading, settings, _preparation(run, material))
    return arrays.look(path, material, settings, _preparation(run, material))


def _preparation(run: Run, material: Material) -> Mapping[str, Any]:
    """Return what model.json says of the preparation, with all that these data need of it."""
    path = run.folder / runs.MODEL
    if material.of_files:
        wanted = ["scale"]
    elif material.texts:
        wanted = ["words"]
    elif material.reading in TABLES:
        wanted = ["numbers", "gaps", "categories"]
    else:
        wanted = ["mean", "deviation"] if len(material.shape) == 1 else ["scale"]
    needed = {name: Needed(runs.IN_PREPARATION[name]) for name in wanted}
    described = read_json(path, runs.IN_MODEL)
    checked(path, described, {"preparation": Needed(needed)})
    found: Mapping[str, Any] = described["preparation"]
    if "mean" in wanted and {len(found["mean"]), len(found["deviation"])} != {*material.shape}:
        raise RunDamaged(path, say("runs.damage.wrong", place="preparation.mean"))
    return found


def _write_table(path: Path, frame: "pd.DataFrame") -> Path:
    """Write rows into a Parquet file, values of several kinds in a column as texts."""
    mixed = [name for name in frame.columns if frame[name].dtype == object]
    texts = {name: frame[name].map(str, na_action="ignore").astype("str") for name in mixed}
    frame.assign(**texts).to_parquet(path)
    return path


def _write_line(path: Path, column: str, text: str) -> Path:
    # Bytes that are no letters become question marks
    with open(path, "w", newline="", encoding="utf-8", errors="replace") as file:
        csv.writer(file).writerows([[column], [text]])
    return path
