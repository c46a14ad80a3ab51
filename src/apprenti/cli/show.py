"""What the user sees while a run is under way, and the tables at its end."""

import contextlib
import json
import math
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from apprenti.language import say
from apprenti.script import run_local

NARROWEST = 100
"""Columns when the output is not a terminal, so that tables stay whole in a file or a pipe."""


def console(stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else NARROWEST
    # Without markup: notes and names of files are shown as they are, brackets and all
    return Console(stderr=stderr, width=width, highlight=False, emoji=False, markup=False)


def tell(out: Console, text: str, style: str | None = None) -> None:
    """Print words for people, broken at ordinary spaces only: never before a French « : »."""
    for line in text.splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        lines = textwrap.wrap(
            line,
            out.width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        out.print("\n".join(lines), style=style, markup=False, soft_wrap=True)


def print_json(content: Mapping[str, Any]) -> None:
    """Write one JSON object on stdout, and nothing else ever goes there with it."""
    sys.stdout.write(json.dumps(plain(content), ensure_ascii=False, allow_nan=False) + "\n")


def plain(value: Any) -> Any:
    """Return a value as JSON can write it: a loss that is no number becomes null."""
    if isinstance(value, Mapping):
        return {str(name): plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


class Live:
    """A live progress bar on stderr for one run; off a terminal, its lines only."""

    def __init__(self, name: str, epochs: int) -> None:
        self.epochs = epochs
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[where]}"),
            TimeRemainingColumn(compact=True),
            console=console(stderr=True),
            transient=True,
        )
        self.task: TaskID = self.progress.add_task(name, total=None, where=say("show.starting"))
        self.name = name

    def __enter__(self) -> Self:
        if self.progress.console.is_terminal:
            self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.progress.console.is_terminal:
            self.progress.stop()

    def line(self, text: str) -> None:
        """Show what the script printed."""
        words = f"  {self.name}  {text}"
        self.progress.console.print(words, style="dim", markup=False, soft_wrap=True)

    def progress_to(self, at: run_local.Progress) -> None:
        done = (at.epoch - 1) * at.steps + at.step
        values = {"epochs": max(self.epochs, at.epoch), **at._asdict()}
        where = say("show.where", **values)
        self.progress.update(
            self.task, completed=done, total=values["epochs"] * at.steps, where=where
        )


def percent(share: float | None) -> str:
    return "" if share is None else say("show.percent", value=100 * share)


def runs_table(summaries: Sequence[Mapping[str, Any]], title: str) -> Table:
    """Return the comparison of runs: what each is, how well it does, what it costs."""
    table = plain_table(title)
    measure = "r2" if any("valid_r2" in s for s in summaries) else "accuracy"
    for name, justify in COLUMNS:
        column = name.format(measure=measure)
        words = say(f"show.column.{column}")
        table.add_column(words, justify=justify, no_wrap=column != "model", vertical="bottom")
    reached = [s.get(f"valid_{measure}", -math.inf) for s in summaries]
    for run, score in zip(summaries, reached, strict=True):
        is_best = score == max(reached) > -math.inf and len(summaries) > 1
        table.add_row(*_cells(run, measure), style="bold green" if is_best else None)
    return table


def plain_table(title: str | None = None) -> Table:
    """Return a table without lines, narrow enough for 80 columns."""
    return Table(
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )


COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("model", "left"),
    ("framework", "left"),
    ("train_loss", "right"),
    ("train_{measure}", "right"),
    ("valid_loss", "right"),
    ("valid_{measure}", "right"),
    ("seconds", "right"),
    ("parameters", "right"),
)


def _cells(run: Mapping[str, Any], measure: str) -> list[str]:
    def number(name: str, shape: str) -> str:
        value = run.get(name)
        return "" if value is None else say(f"show.{shape}", value=value)

    def score(part: str) -> str:
        name = f"{part}_{measure}"
        return number(name, "r2") if measure == "r2" else percent(run.get(name))

    return [
        model_name(str(run["model"]), run.get("task")),
        say(f"words.framework_{run['framework']}"),
        number("train_loss", "loss"),
        score("train"),
        number("valid_loss", "loss"),
        score("valid"),
        number("seconds", "seconds"),
        number("parameters", "count"),
    ]


def model_name(kind: str, task: str | None = None) -> str:
    """Return the words for a kind of model; somebody's own script keeps its name."""
    from apprenti.model.catalogue import MODELS, name_of

    return say(f"words.{name_of(kind, task)}") if kind in MODELS else kind


@contextlib.contextmanager
def downloading() -> Iterator[Callable[[float], None]]:
    """A bar for a download that may not be needed: it appears with the first piece that arrives."""
    out = console(stderr=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=out
    )
    task: list[TaskID] = []

    def tell(share: float) -> None:
        if not task:
            task.append(bar.add_task(say("show.downloading"), total=1.0))
            bar.start()
        bar.update(task[0], completed=share)

    try:
        yield tell
    finally:
        bar.stop()
