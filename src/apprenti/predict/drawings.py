"""New drawings: what a run's predict.py has made of them before its model saw them, and why."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data.formats import shown
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.predict.notes import Note, Seen

SEEN = "seen.jsonl"
"""In the folder of a prediction: a line for each drawing, by the script of the run."""

LIKE_INK = 10
"""Ink stands out so many times more than what else is on the page, or it is no drawing."""

MUCH_THICKER = 2
"""So many times thicker than those of the training, strokes are areas."""

NAMED = 6
"""So many drawings are named in a note."""


class Drawing(NamedTuple):
    """A new drawing, and what was made of it."""

    path: Path
    points: list[list[float]]
    """What the model saw: 0 for black, 255 for white."""
    as_is: bool
    """Whether it was like those of the training, and left as it was."""
    inverted: bool = False
    stands_out: float = 0.0
    """How many times more the ink stands out than what else is on the page."""
    cut: bool = False
    side_by_side: int = 1
    """How many drawings stand beside each other; 0 where nothing is drawn."""
    stroke: float = 0.0
    """The width of its strokes, in points of the model."""
    width: str = ""
    """thicker or thinner: what was done to its strokes."""
    box: Sequence[int] = ()
    """Where in the image it was: left, top, right, bottom."""

    def as_json(self) -> dict[str, Any]:
        told = {**self._asdict(), "path": str(self.path), "box": [*self.box] or None}
        return {**told, "width": self.width or None}


def asked(seen: Seen, settings: Mapping[str, Any], made: Path, as_is: bool) -> Seen:
    """Return how new rows are read: drawings as they are, or with a file for what is made of them.

    Raises ApprentiError where a model that knows no drawings is to be shown images as they are.
    """
    if not settings.get("ink_sizes"):
        if as_is:
            raise ApprentiError("no_drawings")
        return seen
    chosen = {"as_is": True} if as_is else {"seen": str(made / SEEN)}
    # What is brought to size is told drawing by drawing
    notes = [note for note in seen.notes if as_is or note.key != "brought_to_size"]
    return seen._replace(settings={**seen.settings, **chosen}, notes=notes)


def found(made: Path, settings: Mapping[str, Any]) -> list[Drawing]:
    """Return what was made of each drawing; none where none was shown to the model."""
    path = made / SEEN
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [_drawing(json.loads(line), settings) for line in lines]


def _drawing(told: dict[str, Any], settings: Mapping[str, Any]) -> Drawing:
    low, high = sorted((float(settings["page"]), float(settings["ink"])))
    told["points"] = [
        [round(255 * min(1.0, max(0.0, (point - low) / (high - low)))) for point in row]
        for row in told["points"]
    ]
    return Drawing(**{**told, "path": Path(os.path.realpath(told["path"]))})


def notes(drawings: Sequence[Drawing], settings: Mapping[str, Any]) -> list[Note]:
    """Return what may be wrong with drawings: the answers for these say little."""
    doubts: dict[str, list[Drawing]] = {}
    for one in drawings:
        if key := _doubt(one, settings):
            doubts.setdefault(key, []).append(one)
    return [Note(key, {"count": len(of), "names": names(of)}) for key, of in doubts.items()]


def _doubt(one: Drawing, settings: Mapping[str, Any]) -> str:
    if one.as_is:
        return ""
    if not one.side_by_side:
        return "nothing_drawn"
    if one.side_by_side > 1:
        return "several_drawn"
    thickest = MUCH_THICKER * float(settings["ink_width"][1])
    if one.stands_out < LIKE_INK or one.stroke > thickest:
        return "no_drawing"
    return "drawing_cut" if one.cut else ""


def names(drawings: Sequence[Drawing]) -> str:
    told = ", ".join(shown(one.path.name) for one in drawings[:NAMED])
    return told + ("…" if len(drawings) > NAMED else "")


def sentence(drawings: Sequence[Drawing], settings: Mapping[str, Any]) -> str:
    """Return what was done to drawings; empty where nothing was."""
    changed = [one for one in drawings if not one.as_is and one.side_by_side]
    if not changed:
        return ""
    steps = [say("predict.drawn.cut_out"), say("predict.drawn.scaled", size=_size(settings))]
    way = "mass" if settings["by_mass"] else "box"
    steps.append(say(f"predict.drawn.centred_{way}"))
    if inverted := [one for one in changed if one.inverted]:
        light = float(settings["ink"]) > float(settings["page"])
        key = "predict.drawn.light" if light else "predict.drawn.dark"
        steps.insert(0, say(key) + _of(inverted, changed))
    for width in ("thicker", "thinner"):
        if of := [one for one in changed if one.width == width]:
            steps.append(say(f"predict.drawn.{width}") + _of(of, changed))
    values = {"names": names(changed), "count": len(changed), "images": len(drawings)}
    key = "one" if len(drawings) == 1 else "some"
    return say(f"predict.drawn.{key}", steps=", ".join(steps), **values)


def _of(some: Sequence[Drawing], every: Sequence[Drawing]) -> str:
    """Return which of the drawings a step is told of, where it was not all."""
    if len(some) == len(every):
        return ""
    return say("predict.drawn.of", count=len(some), images=len(every))


def _size(settings: Mapping[str, Any]) -> int:
    return round(float(settings["ink_sizes"][1]))
