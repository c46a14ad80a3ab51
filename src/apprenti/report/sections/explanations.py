"""What the model relies on: which columns or words count, and how they move its predictions."""

from collections.abc import Iterator

from apprenti.components import curves, intervals, svg
from apprenti.components.blocks import Block, Chart, Column, Heading, Table, Text
from apprenti.evaluate import explanations
from apprenti.evaluate.dependence import NUMBERS, Dependence
from apprenti.evaluate.explanations import FIRST, Explanations
from apprenti.evaluate.importance import Importance
from apprenti.language import say
from apprenti.report.sections.models import change
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, between, columns, count, missing, number, share, told

MOST = 20
"""Columns in the chart; the table has more."""

MATTERS = intervals.Look("s1", "circle")
MEANINGS = ("chance", "matters")
DOES_NOT = intervals.Look("s5", "hollow square")


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the importance of the columns or words, and partial dependence."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    found = explanations.read(seen.run)
    if found is None:
        yield missing("explanations", seen.command("diagnose", "--importance"))
        return
    if found.columns:
        yield _importance(found)
        for place, one in enumerate(found.dependence[:FIRST]):
            if place == 0:
                yield Heading(told("explanations.dependence", rows=found.followed))
            yield _dependence(one, place)
    if found.words:
        yield _words(found)
    yield Text(say("explanations.means"), is_quiet=True)


def _importance(found: Explanations) -> Chart:
    scale, measure = found.measure.scale, found.measure
    looks = (DOES_NOT, MATTERS)
    dots = [
        intervals.Dot(
            ", ".join(one.columns),
            scale * one.mean,
            scale * one.low,
            scale * one.high,
            looks[one.matters]._replace(meaning=told(f"explanations.{MEANINGS[one.matters]}")),
        )
        for one in found.columns[:MOST]
    ]
    words = {"score": measure.written(found.score), "repeats": found.repeats}
    title = say(f"explanations.alone.{measure.name}", **words)
    described = told("explanations.say", name=found.columns[0].columns[0])
    axis = say(f"explanations.axis.{measure.name}")
    drawn = intervals.intervals("importance", title, described, dots, axis, 0.0)
    rows = [_row(found, one) for one in (*found.columns, *found.groups)]
    heads = columns("columns", "drop", "interval", numbers=("drop", "interval"))
    return Chart(svg.write(drawn), title, Table(title, heads, rows), told("behind"))


def _row(found: Explanations, one: Importance) -> tuple[str, str, str]:
    ends = [change(found.measure, found.measure.scale * end) for end in (one.mean, *one.interval)]
    return ", ".join(one.columns), ends[0], between(ends[1], ends[2])


def _dependence(of: Dependence, place: int) -> Block:
    """Return lines where the values are numbers, and a table alone where they are words."""
    title = told("explanations.of", column=of.column)
    named = [told("explanations.value") if one.of is None else one.of for one in of.curves]
    rows = [
        (label, *(_mean(one.of, one.mean[at]) for one in of.curves))
        for at, label in enumerate(of.labels)
    ]
    heads = [*columns("value"), *(Column(name, True) for name in named)]
    table = Table(title, heads, rows)
    if of.kind != NUMBERS or len(of.values) < 2:
        return table
    lines = [
        curves.Line(name, list(zip(map(float, of.values), one.mean, strict=True)), at, at)
        for at, (name, one) in enumerate(zip(named, of.curves, strict=True))
    ]
    up = told("explanations.value" if of.curves[0].of is None else "explanations.probability")
    drawn = curves.curves(f"dependence-{place}", title, title, lines, of.column, up, whole=False)
    return Chart(svg.write(drawn), title, table, told("behind"))


def _mean(of: str | None, value: float) -> str:
    return number(value) if of is None else share(value)


def _words(found: Explanations) -> Table:
    rows = []
    for one in found.words:
        written = number if one.of is None else share
        ends = between(written(one.low), written(one.high))
        rows.append((one.word, one.of or NOTHING, written(one.change), ends, count(one.texts)))
    names = ("word", "of_word", "change", "interval", "texts")
    heads = columns(*names, numbers=("change", "interval", "texts"))
    return Table(told("explanations.words"), heads, rows)
