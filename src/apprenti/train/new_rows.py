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
from apprenti.data import image_tables, images, tables
from apprenti.errors import ApprentiError, nearest
from apprenti.language import current, say, subject
from apprenti.model import catalogue
from apprenti.model.catalogue import Material
from apprenti.project import DataSettings
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.assemble import assemble, entitle
from apprenti.script.run_local import Watcher
from apprenti.script.translate import translate
from apprenti.train import new_arrays

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
    material, settings, notes = _look(path, run, material, settings)
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


def _look(
    path: Path, run: Run, material: Material, settings: dict[str, Any]
) -> tuple[Material, dict[str, Any], list[Note]]:
    """Return how new rows are read, with which settings, and what is worth knowing of them."""
    if material.images or material.reading == "image_folder":
        return (*_images(path, material, settings), [])
    if material.reading in catalogue.TABLES:
        reading, written, notes = _table(path, run, settings)
        return material._replace(reading=reading), {**settings, **written}, notes
    given = new_arrays.look(path, material, settings, _preparation(run))
    if given.material.reading == "image_folder":
        _check_images(path)
    return given.material, given.settings, [Note(*note) for note in given.notes]


def _recipe(run: Run) -> tuple[Material, dict[str, Any]]:
    try:
        content = json.loads((run.folder / RECIPE).read_text(encoding="utf-8"))
        told: dict[str, Any] = content["material"]
        found = Material(**{**told, "shape": tuple(told["shape"])})
    except (OSError, ValueError, TypeError, KeyError):
        raise ApprentiError("no_recipe", run=run.name) from None
    return found, content["settings"]


def _images(
    path: Path, material: Material, settings: dict[str, Any]
) -> tuple[Material, dict[str, Any]]:
    """Return how new images are read: one, those of a folder, or those that a table names."""
    if not tables.is_table(path):
        _check_images(path)
        return material._replace(reading="image_folder", images=False), settings
    reading, written = tables.how_written(path)
    frame = tables.read(path, written)
    named = DataSettings(source=path.name, image=settings.get("image"))
    column = image_tables.find_column(frame, named, path.parent)
    if column not in frame.columns:
        name = column or settings.get("image", "image")
        near = nearest(name, map(str, frame.columns))
        raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    images.check_files(path.parent, image_tables.list_names(path, frame[column]))
    of_table = material._replace(reading=reading, images=True)
    return of_table, {**settings, **written, "image": column}


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
    preparation = _preparation(run)
    for name in _wanted(preparation, settings):
        if name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    return reading, written, list(_notes(frame, preparation, settings))


def _preparation(run: Run) -> Mapping[str, Any]:
    description = json.loads((run.folder / "model" / "model.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = description["preparation"]
    return found


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
