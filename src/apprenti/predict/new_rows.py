"""The model of a run predicts new rows: its own predict.py reads, prepares and predicts them.

That script was written with the one that trained the model, out of the same blocks. Here it is
found out what the new rows are, what of them does not fit, what the model cannot know, and which
of them it has learned from.
"""

import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from apprenti.outside import reading
from apprenti.predict import arrays, drawings, given, images, known_rows, script, tables, truths
from apprenti.predict.given import Given
from apprenti.predict.known_rows import Asked
from apprenti.predict.notes import Note, Seen
from apprenti.predict.opened import Opened, open_run
from apprenti.predict.predictions import Part, Predictions, gather
from apprenti.runs import Run
from apprenti.script.run_local import Watcher
from apprenti.train import record


def predict(
    run: Run,
    new: Sequence[Any],
    watcher: Watcher,
    trusted: bool = False,
    as_text: bool = False,
    as_is: bool = False,
) -> Predictions:
    """Return what the model of a run says of the rows in files or folders, or of lines of text.

    Each of `new` is a path or a text ("-" is standard input; `as_text`, a text whatever it looks
    like), a table, an array, or a list of texts or paths. A script that neither this version nor
    this machine has written is executed if it is `trusted`. Drawings are shown to the model
    `as_is`, or else like those of the training.
    """
    opened = open_run(run, trusted)
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        found = given.find(opened, new, made, as_text)
        seen = [_look(opened, one) for one in found]
        seen = [drawings.asked(one, opened.settings, made, as_is) for one in seen]
        answers = script.ask(opened, found, seen, made, watcher)
        asked = [*_truths(opened, found, seen, answers)]
        known = known_rows.find(opened, asked)
        parts = [
            Part(one, truths.table_of(opened, one.given), answer.rows, answer.drawn)
            for one, answer in zip(asked, answers, strict=True)
        ]
        notes = [*_tampered(run), *_of_files(found, seen)]
        return gather(opened, parts, notes, known)


def paths(new: Any) -> list[Path]:
    """Return what of the things to predict may be files."""
    if isinstance(new, str | os.PathLike):
        return [Path(os.path.expanduser(new))]
    return [path for one in new for path in paths(one)] if isinstance(new, list | tuple) else []


def _look(opened: Opened, one: Given) -> Seen:
    """Return how new rows are read, and what is worth knowing of them."""
    material, settings = opened.material, opened.settings
    with reading(one.path, "data_unusable"):
        if one.table is not None:
            return tables.look(one.table, settings, opened.preparation)
        if material.of_files:
            return images.look(one.path, material.reading, settings, opened.preparation)
        return arrays.look(one.path, material, settings, opened.preparation)


def _truths(
    opened: Opened,
    found: Sequence[Given],
    seen: Sequence[Seen],
    answers: Sequence[script.Answer],
) -> Iterable[Asked]:
    for one, how, answer in zip(found, seen, answers, strict=True):
        names = [row["row"] for row in answer.rows]
        with reading(one.path, "data_unusable"):
            truth = truths.find(opened, one, how, names)
        yield Asked(one, how, names, truth)


def _tampered(run: Run) -> list[Note]:
    return [Note("tampered", {"path": str(path)}) for path in record.tampered(run)]


def _of_files(found: Sequence[Given], seen: Sequence[Seen]) -> list[Note]:
    """Return all notes, each with its file where there are several; of images to size but one."""
    if len(found) == 1:
        return [*seen[0].notes]
    pairs = [(one.name, note) for one, how in zip(found, seen, strict=True) for note in how.notes]
    general = [note for _, note in pairs if note.key == "brought_to_size"]
    named = [note._replace(file=name) for name, note in pairs if note.key != "brought_to_size"]
    return [*general[:1], *named]
