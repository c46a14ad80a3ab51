"""What `apprenti evaluate` shows: what a run says of the test set, and how far to rely on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show, show_evaluation, show_ledger
from apprenti.command_line import of_apprenti
from apprenti.errors import RunDamaged
from apprenti.evaluate import goal
from apprenti.evaluate.evaluation import OfClasses
from apprenti.evaluate.measured import Measured
from apprenti.language import say
from apprenti.ledger import FILE, Ledger
from apprenti.measures import of_task
from apprenti.printable import printable
from apprenti.project import load
from apprenti.runs import EVALUATE, Run, short_names

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.against_baselines import Against
    from apprenti.evaluate.test_set import TestEvaluation

OF_A_CLASS = ("precision", "recall", "f1")
"""Of each class these have a table of their own."""

INDICATIVE = "~"
"""Beside an interval that does not promise 95 %."""


def tell_beginning(out: "Console", there: Ledger) -> None:
    """Say before the test set is opened that it is, and what that means."""
    counted = len(there.lines)
    key = "again" if counted else "first"
    show.tell(out, say(f"ledger.{key}", count=counted, file=FILE), style="yellow")
    show_ledger.tell_troubles(out, there)


def tell(found: "TestEvaluation", out: "Console", drawn: Sequence[Path] = ()) -> None:
    """Show what a run says of the test set."""
    _tell_title(out, found)
    _tell_measures(out, found.measures)
    out.print()
    _tell_goal(out, found)
    _tell_against(out, found)
    _tell_optimism(out, found)
    if found.calibration:
        _tell_list(out, found.calibration.sentences)
    _tell_segments(out, found)
    if found.threshold:
        out.print()
        for line in found.threshold.sentences:
            show.tell(out, line)
    out.print()
    if isinstance(found.evaluation, OfClasses):
        show_evaluation.tell_classes(out, found.evaluation)
    else:
        show_evaluation.tell_errors(out, found.evaluation)
    out.print()
    tell_more(out, found)
    for path in drawn:
        show.tell(out, say("runs.picture", path=path))
    _tell_next(out, found)


def tell_more(out: "Console", found: "TestEvaluation") -> None:
    """Show the measures by group, where a column is sensitive, or why they cannot be told."""
    from apprenti.cli import show_fairness

    if found.fairness:
        out.print()
        show_fairness.tell(found.fairness, out)
    if found.no_fairness:
        what, _, todo = found.no_fairness.parts()
        show.tell(out, say("fairness.not_told", what=what, todo=todo), style="yellow")


def tell_label(out: "Console", found: "TestEvaluation") -> None:
    """Say that a run was chosen after somebody had looked, and what was edited since."""
    if found.selected_on_test:
        show.tell(out, "! " + say("ledger.why_selected"), style="bold yellow")
    for name in found.edited:
        show.tell(out, "! " + say("runs.tampered", path=found.run.folder / name), style="bold red")


def _tell_title(out: "Console", found: "TestEvaluation") -> None:
    run = found.run
    label = show.run_label(run.model, run.framework, run.task)
    called = short_names([run])[run]
    out.print()
    show.tell(out, say("test_set.title", run=called, model=label, rows=found.rows), style="bold")
    words = {"number": found.opening.number, "file": FILE, "by": printable(found.opening.by)}
    key = "opening" if found.opening.by else "opening_unnamed"
    show.tell(out, say(f"test_set.{key}", **words), style="dim")
    if found.opening.previous is not None:
        changed = show_ledger.changes(found.opening.changed)
        show.tell(out, say("ledger.changed", changes=changed), style="dim")
    tell_label(out, found)
    out.print()


# Figures


def _tell_measures(out: "Console", measures: Sequence[Measured]) -> None:
    shown = [one for one in measures if not (one.name in OF_A_CLASS and _is_of_class(one))]
    notes: dict[str, int] = {}
    for one in shown:
        if one.reason:
            notes.setdefault(one.reason, len(notes) + 1)
    out.print(_measures(shown, notes))
    for reason, number in notes.items():
        show.hanging(out, f"{number}  ", reason, style="dim")


def _is_of_class(one: Measured) -> bool:
    return one.of not in ("", "macro", "weighted")


def _measures(shown: Sequence[Measured], notes: "dict[str, int]") -> "Table":
    table = show.plain_table()
    table.add_column(say("test_set.column.measure"), overflow="fold")
    table.add_column(say("test_set.column.value"), justify="right", no_wrap=True)
    table.add_column(say("test_set.column.interval"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for one in shown:
        value = one.written(one.value) or "–"
        note = f"({notes[one.reason]})" if one.reason else ""
        table.add_row(one.title, value, interval(one), note)
    return table


def interval(one: Measured) -> str:
    """Return the interval of a measure as people read it; marked where it is only indicative."""
    if one.low is None or one.high is None:
        return ""
    ends = {"low": one.written(one.low), "high": one.written(one.high)}
    between = say("test_set.interval", **ends)
    return f"{INDICATIVE} {between}" if one.indicative else between


def _tell_goal(out: "Console", found: "TestEvaluation") -> None:
    """Say whether what the project wants is reached, where it says what that is."""
    said = goal.told(load(found.run.folder.parent.parent).choices.goal, found.measures)
    if said:
        key, sentence = said
        style = {goal.REACHED: "green", goal.MISSED: "yellow"}.get(key)
        show.tell(out, f"· {sentence}", style=style)


def _tell_against(out: "Console", found: "TestEvaluation") -> None:
    for one in found.against:
        show.tell(out, "· " + _sentence(one, found.rows))
    for name in found.left_out:
        show.tell(out, "! " + say("test_set.left_out", run=name), style="yellow")


def _sentence(one: "Against", rows: int) -> str:
    verdict = one.verdict
    bounded = verdict.measure if verdict.as_json()["low"] is not None else "unbounded"
    gain = say(f"train.verdict.{bounded}", **verdict._asdict())
    other = say(f"test_set.baseline.{one.baseline}_{verdict.measure}")
    return say(f"test_set.against.{verdict.outcome}", other=other, gain=gain, rows=rows)


def _tell_optimism(out: "Console", found: "TestEvaluation") -> None:
    """Say how much better the main measure was on the validation set."""
    name = of_task(found.task).name
    for one in found.optimism:
        if one.name == name and not one.of:
            told = one.sentence
            show.tell(out, f"· {told[:1].upper()}{told[1:]}")


def _tell_list(out: "Console", sentences: Sequence[str], style: str | None = None) -> None:
    for number, one in enumerate(sentences):
        show.tell(out, f"  {one}" if number else f"· {one}", style=style)


def _tell_segments(out: "Console", found: "TestEvaluation") -> None:
    segments = found.segments
    if segments is None:
        return
    if segments.why_not:
        told = say("test_set.columns_not_looked_at", why=segments.why_not)
        show.tell(out, told, style="yellow")
    if segments.looks:
        _tell_list(out, segments.sentences, "yellow" if segments.weak else None)


def _tell_next(out: "Console", found: "TestEvaluation") -> None:
    out.print()
    show.tell(out, say("test_set.next_selected" if found.selected_on_test else "test_set.next"))
    called = short_names([found.run])[found.run]
    show.commands(out, [of_apprenti("runs", "show", called), of_apprenti("evaluate", "--ledger")])


def tell_in_short(out: "Console", run: Run) -> None:
    """Say how a run did on the test set, or that it was never opened for it; and its label."""
    from apprenti import ledger
    from apprenti.runs import COMPLETE

    try:
        found = _read(run)
    except RunDamaged as error:
        show.tell(out, f"! {error.parts()[0]} {error.parts()[1]}", style="yellow")
        found = None
    there = ledger.read(run.folder.parent.parent)
    if found:
        if line := _in_a_line(found):
            show.tell(out, line)
    elif run.status in COMPLETE and (run.folder / EVALUATE).is_file():
        called = short_names([run])[run]
        show.tell(out, say("test_set.not_opened", command=of_apprenti("evaluate", called)))
    if there.selected(run):
        show.tell(out, "! " + say("ledger.why_selected"), style="bold yellow")
    for name in found.edited if found else ():
        show.tell(out, "! " + say("runs.tampered", path=run.folder / name), style="bold red")


def in_short(run: Run) -> dict[str, Any] | None:
    """Return what --json says of how a run did on the test set; None where it cannot be read."""
    try:
        found = _read(run)
    except RunDamaged:
        return None
    if found is None:
        return None
    told = found.as_json()
    return {name: told[name] for name in ("rows", "opening", "measures", "edited")}


def _read(run: Run) -> "TestEvaluation | None":
    from apprenti.evaluate import test_set

    return test_set.read(run, worst=0)


def _in_a_line(found: "TestEvaluation") -> str:
    """Return the main figure of a run on the test set, with its interval, in a sentence."""
    main = found.main
    if main is None or main.value is None:
        return ""
    values = {"measure": main.title, "value": main.written(main.value), "rows": found.rows}
    ends = interval(main)
    return say("test_set.line" if ends else "test_set.line_alone", **values, interval=ends)
