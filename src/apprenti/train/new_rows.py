"""A model of a run answers for new rows: a script opens it again, prepares the rows, and predicts.

The script is assembled like that of the training, out of the same blocks for reading, preparing
and the model, and stays in the run folder as predict.py. What does not fit is found out first.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import optional, runs
from apprenti.data import images, tables
from apprenti.errors import ApprentiError, nearest
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.model.catalogue import Material
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.assemble import assemble, entitle
from apprenti.script.run_local import Watcher
from apprenti.script.translate import translate

RECIPE = "recipe.json"
"""In a run folder: what the script was made from, so that another can be made to match."""


class Note(NamedTuple):
    """Something in the new rows that the model cannot know; told, never passed over."""

    key: str
    values: dict[str, Any]


class Answers(NamedTuple):
    rows: list[dict[str, str]]
    """One for each new row: row, predicted, and for classes the confidence."""
    notes: list[Note]


def predict(run: Run, given: str, watcher: Watcher) -> Answers:
    """Return what the model of a run says of the rows in a file or folder, or of a line of text."""
    material, settings = _recipe(run)
    if run.weights is None:
        raise ApprentiError("no_model", run=run.name)
    optional.require(run.framework)
    path = Path(given).expanduser().resolve()
    line = run.folder / "line.csv"
    if material.texts and not path.exists():
        column = str(settings["text"])
        path = _write_line(line, column, given)
    if not path.exists():
        near = nearest(
            path.name, [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        )
        raise ApprentiError("new_rows_missing", path=path, nearest=near)
    notes: list[Note] = []
    if material.reading in catalogue.TABLES:
        reading, written, notes = _table(path, run, settings)
        material, settings = material._replace(reading=reading), {**settings, **written}
    elif material.reading == "image_folder":
        _check_images(path)
    try:
        # With its folder, so that nothing of that name in the run folder is taken for it
        name = f"{path.parent.name}/{path.name}"
        script = _script(run, material, {**settings, "data": name})
        outcome = run_local.execute(script, path.parent.parent, watcher)
        if outcome.stopped:
            raise KeyboardInterrupt
        if outcome.exit_status:
            raise run_local.explain(outcome, run.folder)
        return Answers(runs.read_rows(run.folder / "answers.csv"), notes)
    finally:
        line.unlink(missing_ok=True)
        (run.folder / "answers.csv").unlink(missing_ok=True)


def _recipe(run: Run) -> tuple[Material, dict[str, Any]]:
    try:
        content = json.loads((run.folder / RECIPE).read_text(encoding="utf-8"))
        told: dict[str, Any] = content["material"]
        found = Material(**{**told, "shape": tuple(told["shape"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise ApprentiError("no_recipe", run=run.name) from None
    if not catalogue.can_predict(found):
        raise ApprentiError("cannot_predict", run=run.name, kind=found.reading)
    return found, content["settings"]


def _check_images(path: Path) -> None:
    """Refuse images that cannot be opened, and a folder without any."""
    if path.is_file():
        images.check_files(path.parent, (path.name,))
        return
    names = [p.relative_to(path).as_posix() for p in path.rglob("[!.]*") if images.is_image(p.name)]
    if not names:
        raise ApprentiError("no_images_there", path=path)
    images.check_files(path, tuple(sorted(names)))


def _write_line(path: Path, column: str, text: str) -> Path:
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([[column], [text]])
    return path


def _script(run: Run, material: Material, settings: Mapping[str, Any]) -> Path:
    blocks = catalogue.predict_blocks(run.framework, run.model, material)
    text = assemble(blocks, settings, "").text
    title = say("script.predict", run=run.name, needs=", ".join(catalogue.requirements(text)))
    path = run.folder / "predict.py"
    runs.write_text(path, translate(entitle(text, title), subject("script", current())["words"]))
    return path


# Tables


def _table(
    path: Path, run: Run, settings: Mapping[str, Any]
) -> tuple[str, dict[str, object], list[Note]]:
    """Return which block reads the new table, what it needs, and what the model cannot know."""
    if not tables.is_table(path):
        raise ApprentiError("source_unknown", path=path)
    reading, written = tables.how_written(path)
    frame = tables.read(path, written)
    description = json.loads((run.folder / "model" / "model.json").read_text(encoding="utf-8"))
    for name in _wanted(description["preparation"], settings):
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    return reading, written, list(_notes(frame, description["preparation"], settings))


def _wanted(preparation: Mapping[str, Any], settings: Mapping[str, Any]) -> list[str]:
    """Return the columns that must be there; months and weekdays are made from the dates."""
    if settings.get("text"):
        return [str(settings["text"])]
    made = {f"{name} {part}" for name, _ in settings["dates"] for part in ("month", "weekday")}
    return [name for name in preparation["columns"] if name not in made]


def _notes(
    frame: Any, preparation: Mapping[str, Any], settings: Mapping[str, Any]
) -> Iterator[Note]:
    for name, known in preparation.get("categories", {}).items():
        values = frame[name].dropna().astype(str)
        unknown = values[~values.isin(known)]
        if len(unknown):
            examples = ", ".join(unknown.unique()[:3])
            yield Note(
                "unknown_category", {"name": name, "count": len(unknown), "examples": examples}
            )
    if "words" in preparation and settings.get("text"):
        known = set(preparation["words"])
        texts = frame[settings["text"]].fillna("").astype(str).str.lower()
        strange = texts[[not set(text.split()) & known for text in texts]]
        if len(strange):
            yield Note("unknown_words", {"count": len(strange), "rows": len(texts)})
