"""What the user sees while a run is under way, and the tables at its end."""

import contextlib
import json
import math
import re
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.segment import Segment
from rich.table import Table

from apprenti.command_line import written
from apprenti.language import say
from apprenti.measures import VALID, Measure, common_score
from apprenti.printable import UNPRINTABLE, printable
from apprenti.runs import plain
from apprenti.script import run_local

if TYPE_CHECKING:
    from apprenti.findings import Finding
    from apprenti.runs import Run
    from apprenti.train.audience import Watched
    from apprenti.train.changes import Change

NARROWEST = 100
"""Columns when the output is not a terminal, so that tables stay whole in a file or a pipe."""


class Screen(Console):
    """A console on which names and notes from anywhere cannot move the cursor or change colours."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            # None of them takes a column: without them a table keeps its widths
            text = segment.text if segment.control else UNPRINTABLE.sub("", segment.text)
            yield segment._replace(text=text)


def console(stderr: bool = False) -> Console:
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else NARROWEST
    # Without markup: notes and names of files are shown as they are, brackets and all
    return Screen(stderr=stderr, width=width, highlight=False, emoji=False, markup=False)


def tell(out: Console, text: str, style: str | None = None) -> None:
    """Print words for people, broken at ordinary spaces only: never before a French « : »."""
    for line in printable(text).splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        lines = textwrap.wrap(
            line,
            out.width,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        out.print("\n".join(lines), style=style, markup=False, soft_wrap=True)


def commands(out: Console, lines: Iterable[str], project: Path = Path(".")) -> None:
    """Print commands, one a line and never broken: they are to be copied.

    `project` is where they are meant, seen from the user.
    """
    for line in lines:
        where = "" if project == Path(".") else " " + written("--project", str(project))
        out.print(f"      {line}{where}", style="bold", markup=False, soft_wrap=True)


def without_marks(line: str) -> str:
    """Return a line of Markdown as it is read: no stars, no backquotes, of links the words."""
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.replace("`", ""))
    return re.sub(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1", r"\2", line)


def print_json(content: Mapping[str, Any]) -> None:
    """Write one JSON object on stdout, and nothing else ever goes there with it."""
    written = json.dumps(plain(content), ensure_ascii=False, allow_nan=False)
    sys.stdout.write(printable(written) + "\n")


class Bars:
    """Live progress bars on stderr, one for each script; off a terminal, the lines of each."""

    def __init__(self, project: Path = Path(".")) -> None:
        self.project = project
        self.serious: list[Finding] = []
        """What was told before the training and makes its result worth nothing."""
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[where]}"),
            TimeRemainingColumn(compact=True),
            console=console(stderr=True),
            transient=True,
        )

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

    def bar(self, name: str, epochs: int) -> "Bar":
        return Bar(self.progress, name, epochs)

    def watch(self, watched: "Watched") -> "Bar":
        """Return the bar of a script."""
        model, framework, task, epochs = watched
        label = run_label(model, framework, task) if framework else model
        return self.bar(label, epochs)

    def leave(self, watcher: run_local.Watcher) -> None:
        """Show that the script of a bar has ended."""
        if isinstance(watcher, Bar):
            watcher.end()

    def changed(self, change: "Change") -> None:
        """Say that the data are no longer those that the latest run learned from."""
        words = say("train.data_changed", **change._asdict())
        tell(self.progress.console, words, style="yellow")

    def remarked(self, finding: "Finding") -> None:
        """Say what is to be known of the data before they are learned from."""
        from apprenti.cli import show_data

        if finding.is_serious:
            self.serious.append(finding)
        show_data.in_full(self.progress.console, finding, self.project)

    def reused(self, run: "Run") -> None:
        """Say that a run is there already."""
        label = run_label(run.model, run.framework, run.task)
        tell(self.progress.console, say("train.reused", model=label, run=run.name))


class Bar:
    """One of the bars: where the script of this name is."""

    def __init__(self, progress: Progress, name: str, epochs: int) -> None:
        self.progress, self.name, self.epochs = progress, name, epochs
        self.task: TaskID = progress.add_task(name, total=None, where=say("cli.show.starting"))

    def line(self, text: str) -> None:
        """Show what the script printed."""
        words = f"  {self.name}  {text}"
        self.progress.console.print(words, style="dim", markup=False, soft_wrap=True)

    def end(self) -> None:
        self.progress.update(self.task, completed=1, total=1, where=say("cli.show.ended"))

    def progress_to(self, at: run_local.Progress) -> None:
        done = (at.epoch - 1) * at.steps + at.step
        values = {"epochs": max(self.epochs, at.epoch), **at._asdict()}
        where = say("cli.show.where", **values)
        self.progress.update(
            self.task, completed=done, total=values["epochs"] * at.steps, where=where
        )


class Live(Bars):
    """A single bar."""

    def __init__(self, name: str, epochs: int) -> None:
        super().__init__()
        self._bar = self.bar(name, epochs)
        self.line, self.progress_to = self._bar.line, self._bar.progress_to


def run_label(model: str, framework: str, task: str | None = None) -> str:
    """Return "logistic regression, scikit-learn" in the user's language."""
    return f"{model_name(model, task)}, {say(f'words.framework_{framework}')}"


def status(name: str) -> str:
    """Return the words for one of `runs.STATUSES`."""
    return say(f"words.status_{name.replace(' ', '_')}")


def runs_table(summaries: Sequence[Mapping[str, Any]], title: str, crowned: bool = True) -> Table:
    """Return the comparison of runs: what each is, how well it does, what it costs.

    The best is set off where it is `crowned`: not where its score is worth nothing.
    """
    table = plain_table(title)
    measure = common_score(summaries)
    for name, justify in COLUMNS:
        column = name.format(measure=measure.name)
        words = say(f"cli.show.column.{column}")
        table.add_column(words, justify=justify, no_wrap=column != "model", vertical="bottom")
    values = [s.get(f"{VALID}{measure.name}", math.nan) for s in summaries]
    reached = [measure.goodness(one) if math.isfinite(one) else -math.inf for one in values]
    for run, score in zip(summaries, reached, strict=True):
        is_best = crowned and score == max(reached) > -math.inf and len(summaries) > 1
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


def _cells(run: Mapping[str, Any], measure: Measure) -> list[str]:
    def number(name: str, shape: str) -> str:
        value = run.get(name)
        return "" if value is None else say(f"words.shape.{shape}", value=value)

    return [
        model_name(str(run["model"]), run.get("task")),
        say(f"words.framework_{run['framework']}"),
        number("train_loss", "loss"),
        measure.written(run.get(f"train_{measure.name}")),
        number("valid_loss", "loss"),
        measure.written(run.get(f"{VALID}{measure.name}")),
        number("seconds", "seconds"),
        number("parameters", "count"),
    ]


def model_name(kind: str, task: str | None = None) -> str:
    """Return the words for a kind of model; somebody's own script keeps its name."""
    from apprenti.model.catalogue import MODELS, name_of

    return say(f"words.{name_of(kind, task)}") if kind in MODELS else kind


def downloading() -> contextlib.AbstractContextManager[Callable[[float], None]]:
    """A bar for a download that may not be needed: it appears with the first piece that arrives."""
    return _bar(say("cli.show.downloading"))


PATIENCE = 2.0
"""Seconds without a word, where images are decoded."""


def decoding() -> contextlib.AbstractContextManager[Callable[[float], None]]:
    """A bar for images that are decoded, if that takes longer than one waits for nothing."""
    return _bar(say("cli.show.decoding"), PATIENCE)


@contextlib.contextmanager
def _bar(words: str, patience: float = 0) -> Iterator[Callable[[float], None]]:
    out, begun = console(stderr=True), time.monotonic()
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), console=out
    )
    task: list[TaskID] = []

    def tell(share: float) -> None:
        if not task and time.monotonic() - begun >= patience:
            task.append(bar.add_task(words, total=1.0))
            bar.start()
        if task:
            bar.update(task[0], completed=share)

    try:
        yield tell
    finally:
        bar.stop()
