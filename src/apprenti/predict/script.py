"""The own predict.py of a run is asked, as rarely as possible: it may take seconds to load."""

import json
import os
import shutil
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti import runs
from apprenti.data.formats import is_image
from apprenti.errors import ApprentiError
from apprenti.predict import drawings
from apprenti.predict.drawings import Drawing
from apprenti.predict.given import Given
from apprenti.predict.notes import Seen
from apprenti.predict.opened import Opened
from apprenti.runs import Run
from apprenti.script import run_local
from apprenti.script.run_local import Watcher

if TYPE_CHECKING:
    import pandas as pd

Rows = list[dict[str, str]]


class Answer(NamedTuple):
    """What the script says of one of the things that are given."""

    rows: Rows
    """A dictionary a row."""
    drawn: Sequence[Drawing] = ()
    """What it made of drawings, before the model saw them."""


def ask(
    opened: Opened, given: Sequence[Given], seen: Sequence[Seen], made: Path, watcher: Watcher
) -> list[Answer]:
    """Return what the script answers for each of what is given.

    What can be read at once is: tables of the same columns, images read in the same way.
    """
    run, known = opened.run, opened.settings
    groups: dict[Hashable, list[int]] = {}
    for place, (one, how) in enumerate(zip(given, seen, strict=True)):
        groups.setdefault(_kind(place, one, how), []).append(place)
    answers: dict[int, Answer] = {}
    for number, places in enumerate(groups.values()):
        folder = made / f"asked {number}"
        folder.mkdir()
        path = _together(folder, [given[place] for place in places], [seen[p] for p in places])
        settings = dict(seen[places[0]].settings)
        if "seen" in settings:
            settings["seen"] = str(folder / drawings.SEEN)
        rows = execute(run, path, settings, folder / "answers.csv", watcher)
        drawn = drawings.found(folder, known)
        for place in places:
            frame = seen[place].frame
            count = len(rows) if len(places) == 1 else 1 if frame is None else len(frame)
            answers[place] = Answer(rows[:count], drawn[:count])
            rows, drawn = rows[count:], drawn[count:]
    return [answers[place] for place in range(len(given))]


def _kind(place: int, given: Given, seen: Seen) -> Hashable:
    settings = json.dumps(seen.settings, sort_keys=True, default=str)
    if seen.frame is not None:
        columns = tuple((name, str(kind)) for name, kind in seen.frame.dtypes.items())
        return settings, columns
    if is_image(given.path.name) and given.path.is_file():
        return "image", settings
    return place


def _together(folder: Path, given: Sequence[Given], seen: Sequence[Seen]) -> Path:
    """Return the file or folder that holds the rows of all of them."""
    import pandas as pd

    frames = [how.frame for how in seen if how.frame is not None]
    if frames:
        return write_table(folder / "rows.parquet", pd.concat(frames, ignore_index=True))
    if len(given) == 1:
        return given[0].path
    inside = folder / "images"
    inside.mkdir()
    for number, one in enumerate(given):
        copy = inside / f"{number:09d}{one.path.suffix.lower()}"
        try:
            os.symlink(one.path, copy)
        except OSError:
            shutil.copyfile(one.path, copy)
    return inside


def write_table(path: Path, frame: "pd.DataFrame") -> Path:
    """Write rows into a Parquet file, values of several kinds in a column as texts."""
    mixed = [name for name in frame.columns if frame[name].dtype == object]
    texts = {name: frame[name].map(str, na_action="ignore").astype("str") for name in mixed}
    frame.assign(**texts).to_parquet(path)
    return path


def execute(
    run: Run, path: Path, settings: Mapping[str, Any], answers: Path, watcher: Watcher
) -> Rows:
    """Return what predict.py says of the rows at a path, line by line."""
    words = [str(path), str(answers), json.dumps(settings, ensure_ascii=True)]
    outcome = run_local.execute(run.folder / runs.PREDICT, None, watcher, arguments=words)
    if outcome.stopped:
        raise KeyboardInterrupt
    if outcome.exit_status:
        raise _explained(run_local.explain(outcome, run.folder))
    return runs.read_rows(answers)


def _explained(error: ApprentiError) -> ApprentiError:
    """Return what went wrong with predict.py, of which nothing is kept in the folder of the run."""
    if error.key != "script_failed":
        return error
    return ApprentiError("predict_failed", **error.values)
