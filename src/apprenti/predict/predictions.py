"""The answers of a model for new rows, with all that is known of them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds.written import Written
from apprenti.predict import drawings
from apprenti.predict.drawings import Drawing
from apprenti.predict.known_rows import Asked, Known
from apprenti.predict.notes import Note
from apprenti.predict.opened import Opened
from apprenti.predict.tables import Table, written_as

if TYPE_CHECKING:
    import pandas as pd

PROBABILITY = "probability_"
"""What the columns of a script begin with that hold the probability of a class."""

FINE = 0.01
"""Of a number this share of the target's standard deviation is still shown."""


class Part(NamedTuple):
    """The rows of one of the files."""

    asked: Asked
    table: Table | None
    """The table that was given, where one was."""
    rows: list[dict[str, str]]
    """What the script said."""
    drawn: Sequence[Drawing] = ()
    """What it made of drawings."""


@dataclass(frozen=True)
class Predictions:
    """What a model says of new rows.

    `answers` has a line for each of them: `file` and `row` (its number in that file, the first is
    1, or the name of its image), `predicted` (a class as the model knows it, or a number), for
    classes `confidence`, and `truth` where it is known. `probabilities` has the same lines and a
    column a class; None for numbers, and where there are too many classes. `doubts` are of each
    line the columns in which something stands that the model cannot know.
    """

    run: str
    task: str
    target: str | None
    classes: Sequence[Any] | None
    deviation: float
    written: Mapping[str, Written]
    """How the columns of numbers and dates are written."""
    decimal: str
    """The decimal mark of the training's file."""
    parts: Sequence[Part]
    answers: "pd.DataFrame"
    probabilities: "pd.DataFrame | None"
    notes: Sequence[Note]
    doubts: Sequence[tuple[str, ...]]
    known: Known
    told: str = ""
    """What was done to drawings before the model saw them, in words."""

    @property
    def drawn(self) -> list[Drawing]:
        """What was made of drawings, in their order."""
        return [one for part in self.parts for one in part.drawn]

    @property
    def rows(self) -> list[dict[str, str]]:
        """What the script of the run said, line by line."""
        return [row for part in self.parts for row in part.rows]

    @property
    def decimals(self) -> int:
        """So many decimals of a number that is predicted are worth showing."""
        return max(0, math.ceil(-math.log10(FINE * self.deviation)))

    @property
    def name(self) -> str:
        """What the column of the answers is called."""
        return self.target or "predicted"

    def as_json(self) -> dict[str, Any]:
        several = len(self.parts) > 1
        return {
            "run": self.run,
            "task": self.task,
            "target": self.target,
            "classes": None if self.classes is None else [*self.classes],
            "rows": len(self.answers),
            "predictions": [*_answers_as_json(self, several)],
            "notes": [note.as_json() for note in self.notes],
            "known": self.known.as_json(),
        }


def _answers_as_json(found: Predictions, several: bool) -> "list[dict[str, Any]]":
    names = [name for name in found.answers.columns if several or name != "file"]
    lines: list[dict[str, Any]] = found.answers[names].astype(object).to_dict("records")
    lines = [{n: _plain(value) for n, value in line.items()} for line in lines]
    if found.probabilities is not None:
        shares = found.probabilities.to_dict("records")
        for line, known in zip(lines, shares, strict=True):
            line["probabilities"] = {str(name): _plain(share) for name, share in known.items()}
    for line, doubts in zip(lines, found.doubts, strict=True):
        line["doubts"] = [*doubts]
    for line, part in zip(lines, found.known.parts or (), strict=False):
        line["part"] = part
    return lines


def _plain(value: Any) -> Any:
    item = value.item() if hasattr(value, "item") else value
    return None if item is None or item != item else item


def gather(
    opened: Opened, parts: Sequence[Part], notes: Sequence[Note], known: Known
) -> Predictions:
    """Put the answers to all that was given together."""
    import pandas as pd

    answers = pd.concat([_of_part(opened, part) for part in parts], ignore_index=True)
    if all(part.asked.truth is None for part in parts):
        answers = answers.drop(columns="truth")
    drawn = [one for part in parts for one in part.drawn]
    return Predictions(
        opened.run.name,
        opened.material.task,
        opened.target,
        opened.classes,
        opened.deviation,
        written_as(opened.settings) if opened.is_table else {},
        str(opened.training.get("decimal", ".")),
        parts,
        answers,
        _probabilities(opened, parts),
        [*notes, *drawings.notes(drawn, opened.settings)],
        [doubts for part in parts for doubts in _doubts(part)],
        known,
        drawings.sentence(drawn, opened.settings),
    )


def _of_part(opened: Opened, part: Part) -> "pd.DataFrame":
    import pandas as pd

    asked, count = part.asked, len(part.rows)
    said = [row["predicted"] for row in part.rows]
    columns: dict[str, Any] = {"file": [asked.given.name] * count, "row": _names(part)}
    if opened.classes is None:
        columns["predicted"] = pd.Series(map(float, said), dtype=float)
    else:
        known = {str(one): one for one in opened.classes}
        columns["predicted"] = pd.Series([known.get(one, one) for one in said], dtype=object)
        shares = [float(row["confidence"]) for row in part.rows]
        columns["confidence"] = pd.Series(shares, dtype=float)
    columns["truth"] = pd.Series(asked.truth or [None] * count, dtype=object)
    return pd.DataFrame(columns)


def _doubts(part: Part) -> list[tuple[str, ...]]:
    """Return of each row the columns of which a note speaks."""
    found: dict[int, dict[str, None]] = {}
    for note in filter(lambda one: one.doubtful, part.asked.seen.notes):
        for cell in note.cells:
            found.setdefault(cell.row, {}).update(dict.fromkeys(_columns(note)))
    return [tuple(found.get(row, ())) for row in range(1, len(part.rows) + 1)]


def _columns(note: Note) -> list[str]:
    """Return the columns in which the cells of a note stand."""
    named: list[str] = note.values.get("columns", [note.values.get("name", "")])
    return named


def _names(part: Part) -> "pd.Series[Any]":
    """Return the numbers of rows, the first being 1, or the names of images."""
    import pandas as pd

    if part.table is not None or not any("." in name for name in part.asked.names):
        return pd.Series(range(1, len(part.rows) + 1), dtype=object)
    if len(part.rows) == 1 and part.asked.given.path.is_file():
        return pd.Series([part.asked.given.name or part.asked.names[0]], dtype=object)
    return pd.Series(part.asked.names, dtype=object)


def _probabilities(opened: Opened, parts: Sequence[Part]) -> "pd.DataFrame | None":
    import pandas as pd

    names = [f"{PROBABILITY}{one}" for one in opened.classes or ()]
    lines = [row for part in parts for row in part.rows]
    if not names or not lines or names[0] not in lines[0]:
        return None
    columns = {
        one: pd.Series([row[name] for row in lines], dtype=object).astype(float)
        for one, name in zip(opened.classes or (), names, strict=True)
    }
    return pd.DataFrame(columns)
