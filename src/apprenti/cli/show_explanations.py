"""What a model relies on: tables of columns or words, and how the first columns move it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti.cli import show
from apprenti.evaluate.measured import amount
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.dependence import Dependence
    from apprenti.evaluate.explanations import Explanations
    from apprenti.evaluate.importance import Importance

MOST_LINES, LONGEST = 20, 32

MOST_VALUES = 6
"""So many values of a number are on the screen; the picture and JSON have all."""


def tell(found: "Explanations", out: "Console", drawn: Sequence[Path]) -> None:
    from apprenti.runs import short_names

    run = found.run
    label = show.run_label(run.model, run.framework, run.task)
    title = {"run": short_names([run])[run], "model": label, "rows": found.rows}
    show.tell(out, say("explanations.title", **title), style="bold")
    if found.rows < found.of_rows:
        counts = {"rows": found.rows, "of_rows": found.of_rows}
        show.tell(out, say("explanations.drawn", **counts), style="dim")
    out.print()
    if found.columns:
        _columns(found, out)
    else:
        _words(found, out)
    show.tell(out, say("explanations.means"), style="dim")
    for path in drawn:
        show.tell(out, say("runs.picture", path=path))


def _columns(found: "Explanations", out: "Console") -> None:
    name, score = found.measure.name, found.measure.written(found.score)
    show.tell(out, say(f"explanations.alone.{name}", score=score, repeats=found.repeats))
    out.print(_importance(found, found.columns[:MOST_LINES], "column"))
    if (left := len(found.columns) - MOST_LINES) > 0:
        show.tell(out, say("explanations.more", count=left), style="dim")
    show.tell(out, say("explanations.interval"), style="dim")
    if found.groups:
        out.print()
        show.tell(out, say("explanations.together"))
        out.print(_importance(found, found.groups, "columns"))
    if found.dependence:
        out.print()
        said = _said(found.dependence[0])
        show.tell(out, say("explanations.dependence", said=said, rows=found.followed))
        for one in found.dependence:
            _dependence(out, one)
    out.print()


def _importance(found: "Explanations", rows: Sequence["Importance"], heading: str) -> "Table":
    table = show.plain_table()
    table.add_column(say(f"explanations.{heading}"), overflow="fold")
    table.add_column(say(f"explanations.drop.{found.measure.name}"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    shape = "small" if found.measure.scale == 100 else "share"

    def number(value: float) -> str:
        # No minus before a 0
        rounded = round(found.measure.scale * value, 1 if shape == "small" else 3) + 0.0
        return say(f"explanations.points.{shape}", value=rounded)

    for one in rows:
        ends = say("explanations.ends", low=number(one.low), high=number(one.high))
        names = ", ".join(map(_short, one.columns))
        mark = "" if one.matters else " ·"
        style = None if one.matters else "dim"
        table.add_row(names, number(one.mean), ends + mark, style=style)
    return table


def _said(one: "Dependence") -> str:
    """Return what a dependence is of: the probability of a class, or the prediction."""
    if one.curves[0].of is None:
        return say("explanations.said.prediction")
    if len(one.curves) > 1:
        return say("explanations.said.probability")
    return say("explanations.said.probability_of", name=_short(one.curves[0].of))


def _dependence(out: "Console", one: "Dependence") -> None:
    steps = max(1, len(one.values) - 1) if one.kind == "numbers" else 1
    count = min(MOST_VALUES, len(one.values))
    places = (
        sorted({round(place * steps / (count - 1)) for place in range(count)})
        if one.kind == "numbers"
        else range(len(one.values))
    )
    for curve in one.curves:
        scale = 1 if curve.of is None else 100
        told = []
        for place in places:
            value = scale * curve.mean[place]
            mean = (
                amount(value)
                if curve.of is None
                else say("explanations.points.percent", value=value)
            )
            pair = say("explanations.value", label=_short(one.labels[place]), mean=mean)
            told.append(pair.replace(" ", "\u00a0"))
        several = f" → {_short(curve.of or '')}" if len(one.curves) > 1 else ""
        head = f"  {_short(one.column)}{several}  "
        show.hanging(out, head, "   ".join(told), of_head="bold")


def _words(found: "Explanations", out: "Console") -> None:
    if not found.words:
        show.tell(out, say("explanations.no_words"))
        return
    is_class = found.words[0].of is not None
    said = say(f"explanations.said.{'class' if is_class else 'prediction'}")
    show.tell(out, say("explanations.words", said=said))
    table = show.plain_table()
    table.add_column(say("explanations.word"), overflow="fold")
    if is_class:
        table.add_column(say("explanations.of"), overflow="fold")
    table.add_column(say("explanations.change"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column(say("explanations.texts"), justify="right", no_wrap=True)
    scale, shape = (100, "small") if is_class else (1, "share")
    for one in found.words:
        change, low, high = (
            say(f"explanations.points.{shape}", value=scale * value)
            for value in (one.change, one.low, one.high)
        )
        clear = one.low > 0 or one.high < 0
        ends = say("explanations.ends", low=low, high=high) + ("" if clear else " ·")
        names = [_short(one.word), *([_short(one.of or "")] if is_class else [])]
        count = say("words.shape.count", value=one.texts)
        table.add_row(*names, change, ends, count, style=None if clear else "dim")
    out.print(table)
    show.tell(out, say("explanations.words_mean"), style="dim")


def _short(name: str) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
