"""The agreement of the frameworks in words, and how far the experiment is."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.language import say
from apprenti.script import run_local

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID

    from apprenti.evaluate.agreement import Agreement
    from apprenti.evaluate.agreement_sample import Extent


@contextlib.contextmanager
def watching(framework: str, steps: int) -> "Iterator[Steps]":
    """Show a bar over all the ways of a framework; off a terminal, a line when one ends."""
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[where]}"),
        TimeRemainingColumn(compact=True),
        console=show.console(stderr=True),
        transient=True,
    )
    name = say(f"words.framework_{framework}")
    with bar if bar.console.is_terminal else contextlib.nullcontext():
        yield Steps(bar, name, steps)


class Steps:
    """Counts the steps of one way to learn after the other."""

    def __init__(self, bar: "Progress", name: str, steps: int) -> None:
        self._bar, self._name, self._steps, self._ended = bar, name, steps, 0
        words = say("cli.show.starting")
        self._task: TaskID = bar.add_task(name, total=steps, where=words)

    def line(self, text: str) -> None:
        """Hear that a way has ended: its name, its optimizer, its precision and its steps."""
        way, _, facts = text.partition(": ")
        steps = facts.rpartition(", ")[2]
        if not steps.isdecimal():
            return
        self._ended += int(steps)
        self._show(self._ended)
        words = {"framework": self._name, "way": say(f"evaluate.agreement.way.{way}")}
        told = say("evaluate.agreement.ended", steps=int(steps), **words)
        if not self._bar.console.is_terminal:
            show.tell(self._bar.console, told, style="dim")

    def progress_to(self, at: run_local.Progress) -> None:
        self._show(self._ended + (at.epoch - 1) * at.steps + at.step)

    def _show(self, done: int) -> None:
        done = min(done, self._steps)
        where = say("evaluate.agreement.where", done=done, steps=self._steps)
        self._bar.update(self._task, completed=done, where=where)


def tell_extent(out: "Console", own_model: str, model: str, extent: "Extent") -> None:
    """Say what is measured before it is: in place of which model, on how much of the data."""
    if model != own_model:
        names = {"own": show.model_name(own_model), "model": show.model_name(model)}
        show.tell(out, say("evaluate.agreement.other_model", **names))
    key = "sample" if extent.partial else "whole"
    show.tell(out, say(f"evaluate.agreement.{key}", **extent._asdict()))


def tell(out: "Console", found: "Agreement") -> None:
    """Print whether the frameworks agree, how far they are apart, and why."""
    from apprenti.evaluate import agreement

    last, task = found.last, found.task
    out.print()
    show.tell(out, say("evaluate.agreement.title"), style="bold")
    verdict = "close" if last.close else "apart"
    style = "green" if last.close else "yellow"
    show.tell(out, say(f"evaluate.agreement.{verdict}.{task}", **_values(last)), style=style)
    out.print()
    show.tell(out, say("evaluate.agreement.how"))
    out.print(_table(found))
    out.print()
    show.tell(out, say("evaluate.agreement.reasons"), style="bold")
    for name, gap in agreement.reasons(found):
        show.tell(out, "· " + say(f"evaluate.agreement.reason.{name}", **_values(gap)))
    if not last.close:
        show.tell(out, "· " + say("evaluate.agreement.look_first"))


def _values(gap: Any) -> dict[str, object]:
    values = {name: value for name, value in gap._asdict().items() if value is not None}
    larger = max(abs(gap.pytorch_loss), abs(gap.tensorflow_loss))
    return {**values, "share": abs(gap.loss) / larger if larger else 0.0}


def _table(found: "Agreement") -> Any:
    score = found.measure.name
    columns = [
        ("step", "step"),
        ("weights", "weights"),
        ("moved_weights", "moved_weights"),
        ("predictions", f"predictions_{found.task}"),
        ("same_class", "same_class"),
        ("loss", "loss"),
        ("score", score),
    ]
    shown = [(name, key) for name, key in columns if getattr(found.last, name) is not None]
    # Of how many weights differ, the largest difference says the most
    spare = [place for place, (_, key) in enumerate(shown) if key == "moved_weights"]
    table = show.plain_table(spare=spare)
    for _, key in shown:
        words = say(f"evaluate.agreement.column.{key}")
        table.add_column(words, justify="right", vertical="bottom")
    for gap in found.ways["chosen"]:
        table.add_row(*(_cell(key, getattr(gap, name)) for name, key in shown))
    return table


def _cell(key: str, value: float) -> str:
    written = say(f"evaluate.agreement.cell.{key}", value=value)
    return "0" if value == 0 and "e" in written else written
