"""A drawing in the terminal: as it was given, and beside it as the model saw it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from apprenti.cli import show
from apprenti.language import say
from apprenti.predict.drawings import Drawing

if TYPE_CHECKING:
    from apprenti.predict.new_rows import Answers
    from apprenti.runs import Run

MOST = 2
"""So many drawings are shown in the terminal; the others are in the picture."""

WIDEST, GAP = 28, 3

SHADES, PLAIN_SHADES = " ░▒▓█", " .:*#"
"""From the tone of the page to that of ink, where there are no colours, or no such signs."""


def tell(console: Console, run: "Run", answers: "Answers") -> Path | None:
    """Tell what was made of drawings, show the first ones, and return where their picture is."""
    if not answers.drawn:
        return None
    from apprenti.predict import drawn_picture

    if answers.told:
        show.tell(console, answers.told)
    predicted = [row["predicted"] for row in answers.rows]
    path = drawn_picture.save(run.folder, answers.drawn, predicted)
    if console.is_terminal:
        for one in [one for one in answers.drawn if not one.as_is][:MOST]:
            show_one(console, one)
    show.tell(console, say("predict.drawn.picture", path=path))
    return path


def show_one(console: Console, one: Drawing) -> None:
    """Print a drawing as it was given beside what the model saw, if there is room for both."""
    import numpy as np

    from apprenti.predict import drawn_picture

    seen = np.array(one.points)
    # Few points are shown larger
    seen = np.kron(seen, np.ones([max(1, WIDEST // max(seen.shape))] * 2))
    side = min(WIDEST, max(seen.shape))
    if 2 * side + GAP > console.width:
        return
    left = _fitted(drawn_picture.given(one.path).mean(axis=2), side, side)
    right = _fitted(seen, side, side)
    head = say("predict.drawn.given")
    room = max(side, cell_len(head)) + GAP
    console.print(Text(head.ljust(room) + say("predict.drawn.shown"), style="dim"))
    for first, second in zip(_lines(console, left), _lines(console, right), strict=True):
        console.print(first + Text(" " * (room - side)) + second)


def _fitted(points: Any, height: int, width: int) -> Any:
    """Return an image at the size of the model's, with its own border where it is narrower."""
    import numpy as np
    from PIL import Image, ImageOps

    grey: Any = np.clip(points, 0, 255).astype(np.uint8)
    border = np.concatenate([grey[[0, -1]].ravel(), grey[:, [0, -1]].ravel()])
    image = Image.fromarray(grey)
    return np.asarray(ImageOps.pad(image, (width, height), color=int(np.median(border))))


def _lines(console: Console, points: Any) -> list[Text]:
    """Return two rows of points a line: in colours, or else in signs as dense as a point is dark
    (or light) beside the page."""
    import numpy as np

    even = points if len(points) % 2 == 0 else np.vstack([points, points[-1:]])
    pairs = even.reshape(-1, 2, even.shape[1])
    if console.color_system in ("256", "truecolor") and console.encoding.startswith("utf"):
        return [Text.assemble(*map(_half, above, below)) for above, below in pairs]
    page = float(np.median(np.concatenate([even[0], even[-1]])))
    away = abs(pairs.mean(axis=1) - page) / max(page, 255 - page)
    shades = SHADES if console.encoding.startswith("utf") else PLAIN_SHADES
    steps = np.clip(away * len(shades), 0, len(shades) - 1).astype(int)
    return [Text("".join(shades[step] for step in row)) for row in steps]


def _half(above: float, below: float) -> tuple[str, Style]:
    upper, lower = (f"rgb({int(tone)},{int(tone)},{int(tone)})" for tone in (above, below))
    return "▀", Style(color=upper, bgcolor=lower)


def as_json(drawn: Sequence[Drawing]) -> list[dict[str, Any]]:
    return [one.as_json() for one in drawn]
