"""How well the model does for each group of a sensitive column."""

from collections.abc import Iterator

from apprenti.command_line import of_apprenti
from apprenti.components import intervals, svg
from apprenti.components.blocks import Block, Chart, Column, Heading, Table, Text
from apprenti.errors import ApprentiError
from apprenti.evaluate import fairness
from apprenti.evaluate.fairness import TEST, VALID, OfColumn
from apprenti.evaluate.group_measures import FEWEST, Bounded
from apprenti.evaluate.sensitive_groups import Group
from apprenti.language import say
from apprenti.measures import ACCURACY
from apprenti.report.sections.diagnosis import in_parts
from apprenti.report.seen import Seen
from apprenti.report.written import NOTHING, between, columns, count, missing, number, share, told

SHARES = (
    ACCURACY,
    "selection_rate",
    "recall",
    "false_positive_rate",
    "precision",
    "macro_recall",
)


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the measures by group, of the columns that were asked for or are declared sensitive."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    found = seen.test.fairness if seen.test else None
    if found is None and not fairness.sensitive_columns(seen.run):
        yield missing("sensitive", of_apprenti("set", "sensitive=COLUMN"))
        return
    try:
        found = found or fairness.fairness(seen.run, TEST if seen.test else VALID)
    except ApprentiError as error:
        yield in_parts(error)
        return
    yield Text(told(f"fairness.on_{found.part}", rows=found.rows, fewest=FEWEST))
    if found.positive is not None:
        yield Text(told("fairness.positive", name=found.positive))
    for place, one in enumerate(found.columns):
        yield Heading(one.column)
        yield from _of_column(one, place)
    yield Text(told("fairness.no_verdict"), is_quiet=True)


def _of_column(of: OfColumn, place: int) -> Iterator[Block]:
    if of.why_not:
        yield Text(told(f"fairness.why_not.{of.why_not}", fewest=FEWEST))
    if not of.measures:
        return
    names = [group(one) for one in of.groups]
    # Where every group is too small there is nothing to draw
    if any(of.measures[0].of_groups):
        yield _chart(of, names, place)
    rows = [
        (
            told(f"fairness.measure.{one.name}"),
            written(one.of, one.difference.value),
            _held(one.of, one.difference),
            NOTHING if one.ratio is None else say("words.shape.score", value=one.ratio.value),
            names[one.lowest],
            names[one.highest],
            told("fairness.apart" if one.is_apart else "fairness.level"),
        )
        for one in of.gaps
    ]
    if rows:
        heads = ("measure", "apart", "interval", "ratio", "lowest", "highest", "verdict")
        yield Table(told("fairness.gaps"), columns(*heads, numbers=heads[1:4]), rows)


def _chart(of: OfColumn, names: list[str], place: int) -> Chart:
    first = of.measures[0]
    scale = 100.0 if first.name in SHARES else 1.0
    dots = [
        _dot(name, one, scale)
        for name, one in zip(names, first.of_groups, strict=True)
        if one is not None
    ]
    title = told("fairness.by_group", measure=told(f"fairness.measure.{first.name}"))
    described = told("fairness.say", column=of.column, count=len(names))
    axis = told("fairness.percent" if scale > 1 else "fairness.unit")
    overall = scale * first.overall.value
    drawn = intervals.intervals(f"groups-{place}", title, described, dots, axis, overall)
    caption = f"{title}. {told('fairness.line')}"
    return Chart(svg.write(drawn), caption, _table(of, names, title), told("behind"))


def _dot(name: str, of: Bounded, scale: float) -> intervals.Dot:
    low, high = (None if end is None else scale * end for end in (of.low, of.high))
    return intervals.Dot(name, scale * of.value, low, high)


def _table(of: OfColumn, names: list[str], title: str) -> Table:
    heads = [Column(of.column), Column(told("column.rows"), True)]
    heads += [Column(told(f"fairness.measure.{one.name}"), True) for one in of.measures]
    rows = []
    for place, name in enumerate(names):
        cells = [_cell(one.name, one.of_groups[place]) for one in of.measures]
        rows.append((name, count(of.rows[place]), *cells))
    return Table(title, heads, rows)


def _cell(name: str, of: Bounded | None) -> str:
    if of is None:
        return NOTHING
    value = written(name, of.value)
    return value if of.low is None else f"{value} ({_held(name, of)})"


def _held(name: str, of: Bounded) -> str:
    if of.low is None and of.high is None:
        return NOTHING
    return between(written(name, of.low), written(name, of.high))


def written(name: str, value: float | None) -> str:
    return share(value) if name in SHARES else number(value)


def group(of: Group) -> str:
    """Return what a group is called."""
    if of.is_missing:
        return told("fairness.missing")
    if of.name is not None:
        return of.name
    return say("data.range", low=number(of.low), high=number(of.high))
