"""Measures by group: each with its interval, and in words how far groups are apart."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti.cli import show
from apprenti.evaluate import fairness_picture
from apprenti.evaluate.measured import amount
from apprenti.language import say
from apprenti.measures import ACCURACY
from apprenti.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.fairness import Fairness, OfColumn
    from apprenti.evaluate.group_measures import Bounded, Gap, Measured
    from apprenti.evaluate.sensitive_groups import Group

SHARES = (
    *(ACCURACY, "selection_rate", "recall", "false_positive_rate", "precision"),
    *("macro_recall", "equalized_odds"),
)
"""Measures that are written in percent, and their differences in points."""

MOST_NAMED = 5
LONGEST = 32


def tell(found: "Fairness", out: "Console", drawn: Sequence[Path] = ()) -> None:
    """Show what a run does by group, one sensitive column after the other."""
    for column in found.columns:
        _column(out, found, column)
        out.print()
    show.tell(out, say("fairness.means"), style="dim")
    if found.positive is not None:
        show.tell(out, say("fairness.not_all_at_once"), style="dim")
    for path in drawn:
        show.tell(out, say("runs.picture", path=path))


def _column(out: "Console", found: "Fairness", column: "OfColumn") -> None:
    title = {"column": _short(column.column), "rows": found.rows}
    show.tell(out, say(f"fairness.title.{found.part}", **title), style="bold")
    if not column.measures:
        words = say(f"fairness.why_not.{column.why_not}", count=len(column.groups))
        show.tell(out, words, style="yellow")
        return
    if found.positive is not None:
        show.tell(out, say("fairness.positive", positive=_short(found.positive)), style="dim")
    gaps = {gap.name: gap for gap in column.gaps}
    # Where no groups are held against each other, they are named once
    for measured in column.measures[: 1 if column.why_not else None]:
        _measure(out, found, column, measured, gaps)
    if "equalized_odds" in gaps:
        out.print()
        _gap(out, found, column, gaps["equalized_odds"])
    if notes := _notes(column):
        out.print()
    for note in notes:
        show.tell(out, note, style="dim")
    if column.why_not:
        show.tell(out, say(f"fairness.why_not.{column.why_not}"), style="yellow")


def _measure(
    out: "Console",
    found: "Fairness",
    column: "OfColumn",
    measured: "Measured",
    gaps: Mapping[str, "Gap"],
) -> None:
    out.print()
    positive = _short(found.positive or "")
    show.tell(out, say(f"fairness.measure.{measured.name}", positive=positive), style="bold")
    out.print(_groups(column, measured))
    if measured.name in gaps:
        _gap(out, found, column, gaps[measured.name])


def _groups(column: "OfColumn", measured: "Measured") -> "Table":
    table = show.plain_table()
    table.add_column(say("fairness.group"), overflow="fold")
    table.add_column("", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    table.add_column(say("fairness.rows"), justify="right", no_wrap=True)
    is_first = column.positive and measured == column.measures[0]
    if is_first:
        table.add_column(say("fairness.base_rate"), justify="right", no_wrap=True)
    for place, group in enumerate(column.groups):
        one, rows = measured.of_groups[place], column.rows[place]
        if measured != column.measures[0] and not column.is_judged(place):
            continue
        cells = [say("words.shape.count", value=rows)]
        if is_first:
            rate = say("evaluate.share", value=100 * column.positive[place] / rows)
            cells.append(rate if column.is_judged(place) else "–")
        style = None if one else "dim"
        table.add_row(name_of(group), *_cells(one, measured.name), *cells, style=style)
    empty = [""] if is_first else []
    whole = say("words.shape.count", value=sum(column.rows))
    cells = [*_cells(measured.overall, measured.name), whole]
    table.add_row(say("fairness.overall"), *cells, *empty, style="dim")
    return table


def _cells(one: "Bounded | None", name: str) -> tuple[str, str]:
    if one is None:
        return "–", ""
    return figure(one.value, name), _ends(one, name)


def _ends(one: "Bounded", name: str) -> str:
    if one.low is None or one.high is None:
        return ""
    ends = figure(one.low, name), figure(one.high, name)
    return say("fairness.ends", low=ends[0], high=ends[1])


def figure(value: float, name: str) -> str:
    """Return a figure as people read it: a share in percent, an error in the target's unit."""
    if name in SHARES:
        return say("evaluate.share", value=100 * value)
    return amount(value)


def _gap(out: "Console", found: "Fairness", column: "OfColumn", gap: "Gap") -> None:
    """Say how far the highest group is above the lowest, and what that means."""
    names = {
        "highest": name_of(column.groups[gap.highest]),
        "lowest": name_of(column.groups[gap.lowest]),
        "positive": _short(found.positive or ""),
    }
    standard = say(f"fairness.standard.{gap.name}")
    told = say("fairness.difference", name=standard, difference=_points(gap), **names)
    if gap.ratio:
        values = [gap.ratio.value, gap.ratio.low, gap.ratio.high]
        value, low, high = ("∞" if x is None else say("fairness.ratio_of", value=x) for x in values)
        told += say("fairness.ratio", value=value, low=low, high=high)
    show.tell(out, told)
    key = f"apart.{gap.of}" if gap.is_apart else "chance"
    show.tell(out, say(f"fairness.{key}", **names), style="yellow" if gap.is_apart else "dim")


def _points(gap: "Gap") -> str:
    """Return a difference with its interval: points of a share, or the unit of the target."""
    values = [gap.difference.value, gap.difference.low, gap.difference.high]
    in_points = gap.of in SHARES
    shape = "points" if in_points else "number"
    if in_points:
        value, low, high = (
            say("fairness.points", value=round(100 * (x or 0.0), 1) + 0.0) for x in values
        )
    else:
        value, low, high = (figure(x or 0.0, gap.of) for x in values)
    return say(f"fairness.interval_{shape}", value=value, low=low, high=high)


def _notes(column: "OfColumn") -> list[str]:
    """Return which groups are too small, and why a figure is not there."""
    from apprenti.evaluate.group_measures import FEWEST, FEWEST_OF

    notes = []
    small = [place for place in range(len(column.rows)) if not column.is_judged(place)]
    if small:
        named = [name_of(column.groups[place]) for place in small[:MOST_NAMED]]
        named += ["…"] if len(small) > MOST_NAMED else []
        told = {"count": len(small), "names": ", ".join(named), "fewest": FEWEST}
        notes.append(say("fairness.small", **told))
    judged = [place for place in range(len(column.rows)) if column.is_judged(place)]
    if any(one.of_groups[place] is None for one in column.measures for place in judged):
        notes.append(say("fairness.few_of", fewest=FEWEST_OF))
    return notes


def name_of(group: "Group") -> str:
    """Return what a group is called."""
    return fairness_picture.name_of(group, LONGEST)


def _short(name: str) -> str:
    name = " ".join(printable(name).split())
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
