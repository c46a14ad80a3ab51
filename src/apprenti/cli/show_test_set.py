"""What `apprenti evaluate` shows: what a run says of the test set, and how far to rely on it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show, show_evaluation, show_ledger
from apprenti.command_line import of_apprenti
from apprenti.evaluate.evaluation import OfClasses
from apprenti.evaluate.measured import SHAPES, Measured
from apprenti.language import say
from apprenti.ledger import FILE, Ledger
from apprenti.measures import of_task
from apprenti.printable import printable
from apprenti.runs import Run, short_names

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.against_baselines import Against
    from apprenti.evaluate.optimism import Optimism
    from apprenti.evaluate.segments import Segment, Segments
    from apprenti.evaluate.test_set import TestEvaluation
    from apprenti.evaluate.threshold import Threshold

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
    _tell_against(out, found)
    _tell_optimism(out, found.optimism)
    if found.calibration:
        _tell_calibration(out, found)
    out.print()
    if isinstance(found.evaluation, OfClasses):
        show_evaluation.tell_classes(out, found.evaluation)
    else:
        show_evaluation.tell_errors(out, found.evaluation)
    out.print()
    if found.segments:
        _tell_segments(out, found.segments)
    if found.threshold:
        _tell_threshold(out, found.threshold)
    tell_more(out, found)
    for path in drawn:
        show.tell(out, say("runs.picture", path=path))
    _tell_next(out, found)


def tell_more(out: "Console", found: "TestEvaluation") -> None:
    """Show what is asked beside: how fair a run is, and what it goes by."""


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


def _tell_optimism(out: "Console", found: "Sequence[Optimism]") -> None:
    scores = (of_task(task).name for task in ("classification", "regression"))
    main = next((one for name in scores for one in found if one.name == name and not one.of), None)
    if main is None:
        return
    valid, test = (Measured(main.name, main.of, value, None, None, "") for value in main[2:4])
    values = {"valid": valid.written(valid.value), "test": test.written(test.value)}
    title = valid.title[:1].upper() + valid.title[1:]
    show.tell(out, "· " + say(f"evaluate.optimism.{main.outcome}", measure=title, **values))


def _tell_calibration(out: "Console", found: "TestEvaluation") -> None:
    made = found.calibration
    if made is None:
        return
    shares = ("error", "by_chance", "confidence", "accuracy")
    values = {name: 100 * getattr(made, name) for name in shares}
    show.tell(out, "· " + say(f"evaluate.calibration.{made.outcome}", rows=made.rows, **values))
    if made.weighted:
        show.tell(out, "  " + say("evaluate.calibration.weighted"))


# Where it is weak, and what to do


def _tell_segments(out: "Console", found: "Segments") -> None:
    if found.why_not:
        show.tell(out, say("test_set.columns_not_looked_at", why=found.why_not), style="yellow")
    if not found.weak:
        words = {"looks": found.looks, "fewest": found.fewest}
        if found.looks:
            show.tell(out, say("evaluate.segments.none", **words))
        return
    show.tell(out, say("evaluate.segments.title", looks=found.looks), style="bold")
    for one in found.weak:
        show.tell(out, "  " + _segment(one, found.measure), style="yellow")


def _segment(one: "Segment", measure: str) -> str:
    column, value = printable(one.column), printable(one.value)
    ends = {name: _plain(getattr(one, name)) for name in ("start", "end")}
    name = say(f"evaluate.segments.{one.kind}", column=column, value=value, **ends)
    figures = {key: getattr(one, key) for key in ("figure", "low", "high", "rest")}
    if measure in SHAPES:
        figures = {key: 100 * value for key, value in figures.items()}
    else:
        blank = Measured(measure, "", None, None, None, "")
        figures = {key: blank.written(value) for key, value in figures.items()}
    return say(f"evaluate.segments.{measure}", segment=name, rows=one.rows, **figures)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float | int) else printable(str(value or ""))


def _tell_threshold(out: "Console", found: "Threshold") -> None:
    out.print()
    costs = found.costs._asdict()
    threshold = found.chosen.threshold
    words = {"rows": found.valid_rows, "threshold": threshold, **costs}
    show.tell(out, say("evaluate.threshold.chosen", **words), style="bold")
    show.tell(out, "  " + say("evaluate.threshold.positive", positive=printable(found.positive)))
    show.tell(out, "  " + say("evaluate.threshold.usual", **found.usual._asdict()))
    show.tell(out, "  " + say("evaluate.threshold.at", **found.chosen._asdict()))
    if not found.moved:
        show.tell(out, say("evaluate.threshold.unmoved"))
        return
    gain = {"saved": found.saved, "low": found.low or 0.0, "high": found.high or 0.0}
    show.tell(out, say(f"evaluate.threshold.{found.outcome}", **gain))
    for key, holds in (("few_moved", found.indicative), ("weighted", found.weighted)):
        if holds:
            show.tell(out, say(f"evaluate.threshold.{key}"), style="dim")


def _tell_next(out: "Console", found: "TestEvaluation") -> None:
    out.print()
    show.tell(out, say("test_set.next_selected" if found.selected_on_test else "test_set.next"))
    called = short_names([found.run])[found.run]
    show.commands(out, [of_apprenti("runs", "show", called), of_apprenti("evaluate", "--ledger")])


def in_a_line(run: Run, found: "TestEvaluation") -> str:
    """Return the main figure of a run on the test set, with its interval, in a sentence."""
    main = found.main
    if main is None or main.value is None:
        return ""
    values = {"measure": main.title, "value": main.written(main.value), "rows": found.rows}
    ends = interval(main)
    return say("test_set.line" if ends else "test_set.line_alone", **values, interval=ends)
