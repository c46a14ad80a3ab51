"""What the user sees while a run is under way, and the tables at its end."""

import contextlib
import json
import math
import os
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

from apprenti.cli.whole_words import WholeWords
from apprenti.command_line import keep, kept, written
from apprenti.language import say
from apprenti.measures import VALID, Measure, common_score, main_score
from apprenti.printable import UNPRINTABLE, printable
from apprenti.runs import STOPPED_EARLY, Run, short_names
from apprenti.script import run_local
from apprenti.script.run_local import measured
from apprenti.writing import plain

if TYPE_CHECKING:
    from apprenti.findings import Finding
    from apprenti.runs import RunFacts
    from apprenti.train.audience import Watched
    from apprenti.train.changes import Change

NARROWEST = 100
"""Columns when the output is not a terminal, so that tables stay whole in a file or a pipe."""

PAGE = 80
"""As many where what is printed is made to be read in any terminal."""


class Screen(Console):
    """A console on which names and notes from anywhere cannot move the cursor or change colours."""

    def render(
        self, renderable: RenderableType, options: ConsoleOptions | None = None
    ) -> Iterator[Segment]:
        for segment in super().render(renderable, options):
            # None of them takes a column: without them a table keeps its widths
            text = segment.text if segment.control else UNPRINTABLE.sub("", segment.text)
            yield segment._replace(text=text)


def console(stderr: bool = False, elsewhere: int = NARROWEST) -> Console:
    """Return where words are printed; `elsewhere` than on a terminal it has so many columns.

    The variable COLUMNS decides there too, as it does on a terminal.
    """
    stream = sys.stderr if stderr else sys.stdout
    wished = os.environ.get("COLUMNS", "")
    width = None if stream.isatty() else int(wished) if wished.isdecimal() else elsewhere
    # Without markup: notes and names of files are shown as they are, brackets and all
    return Screen(stderr=stderr, width=width, highlight=False, emoji=False, markup=False)


def tell(out: Console, text: str, style: str | None = None) -> None:
    """Print words for people, with breaks at ordinary spaces only: never before a French « : »."""
    for line in printable(text).splitlines() or [""]:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        lines = wrapped(line, out.width, indent)
        out.print("\n".join(lines), style=style, markup=False, soft_wrap=True)


def hanging(
    out: Console, head: str, text: str, of_head: str | None = None, style: str | None = None
) -> None:
    """Print a head, then a text whose further lines are set in below its first."""
    lines = wrapped(printable(text), max(30, out.width - len(head)))
    out.print(head, style=of_head, markup=False, end="")
    out.print(f"\n{' ' * len(head)}".join(lines), style=style, markup=False, soft_wrap=True)


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Return the lines of a text; a command in it stays on one of them, however long it is."""
    for command in kept():
        text = text.replace(command, command.replace(" ", JOINT))
    lines = textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return [line.replace(JOINT, " ") for line in lines]


JOINT = "\x1f"
"""In place of a space that no line ends at; no text that is printable has one."""


def commands(out: Console, lines: Iterable[str], project: Path = Path(".")) -> None:
    """Print commands, one a line and never broken: they are to be copied.

    `project` is where they are meant, seen from the user.
    """
    for line in lines:
        where = "" if project == Path(".") else " " + written("--project", str(project))
        out.print(f"      {keep(line + where)}", style="bold", markup=False, soft_wrap=True)


def without_marks(line: str) -> str:
    """Return a line of Markdown as it is read: no stars, no backquotes, of links the words."""
    line = re.sub(r"`(apprenti [^`]*)`", lambda found: keep(found[1]), line)
    line = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", line.replace("`", ""))
    return re.sub(r"(\*{1,2})(?=\S)(.+?)(?<=\S)\1", r"\2", line)


def print_json(content: Mapping[str, Any]) -> None:
    """Write one JSON object on stdout, and nothing else ever goes there with it."""
    written = json.dumps(plain(content), ensure_ascii=False, allow_nan=False)
    sys.stdout.write(printable(written) + "\n")


class Bars:
    """Live progress bars on stderr, one for each script; off a terminal, lines about each.

    Where it is `quiet`, there is neither; what is wrong with the data is said all the same.
    `project` is the folder of what is trained, seen from the user.
    """

    def __init__(self, project: Path = Path("."), quiet: bool = False) -> None:
        self.out, self.quiet, self.said = console(stderr=True, elsewhere=PAGE), quiet, False
        self.project = project
        self.serious: list[Finding] = []
        """What was told before the training and makes its result worth nothing."""
        self.progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            *([BarColumn(bar_width=16)] if self.out.width >= WIDE else []),
            TextColumn("{task.fields[where]}", markup=False),
            TimeRemainingColumn(compact=True),
            console=self.out,
            transient=True,
            disable=quiet,
        )

    def __enter__(self) -> Self:
        if self.out.is_terminal:
            self.progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.out.is_terminal:
            self.progress.stop()

    def bar(self, name: str, epochs: int) -> "Bar":
        return Bar(self, name, epochs)

    def watch(self, watched: "Watched") -> "Bar":
        """Return the bar of a script."""
        model, framework, task, epochs = watched
        label = run_label(model, framework, task, short=True) if framework else model
        return self.bar(label, epochs)

    def leave(self, watcher: run_local.Watcher) -> None:
        """Show that the script of a bar has ended."""
        if isinstance(watcher, Bar):
            watcher.end()

    def changed(self, change: "Change") -> None:
        """Say that the data are no longer those that the latest run learned from."""
        words = say("train.data_changed", **change._asdict())
        tell(self.out, words, style="yellow")

    def remarked(self, finding: "Finding") -> None:
        """Say what is to be known of the data before they are learned from."""
        from apprenti.cli import show_data

        if finding.is_serious:
            self.serious.append(finding)
        show_data.in_full(self.out, finding, self.project)

    def reused(self, run: "Run") -> None:
        """Say that a run is there already."""
        if not self.quiet:
            label = run_label(run.model, run.framework, run.task, short=True)
            tell(self.out, say("train.reused", model=label, run=short_names([run])[run]))

    def about(self, text: str) -> None:
        """Print a line about a script, under a heading that is said once."""
        if not self.said:
            tell(self.out, say("cli.show.on_validation"), style="dim")
        self.said = True
        tell(self.out, f"  {text}", style="dim")


WIDE, NARROW = 110, 75
"""Columns that a line needs for a bar and all measures; with fewer than the second, it has figures
alone."""


class Bar:
    """One of the bars: where the script of this name is."""

    def __init__(self, bars: Bars, name: str, epochs: int) -> None:
        self.bars, self.name, self.epochs = bars, name, epochs
        self.checked = ""
        where = say("cli.show.starting")
        self.task: TaskID = bars.progress.add_task(name, total=None, where=where)

    def line(self, text: str) -> None:
        """Show what the script printed; of an epoch, in words."""
        if self.bars.quiet:
            return
        row = measured(text)
        if row is None:
            words = f"  {self.name}  {text}"
            self.bars.progress.console.print(words, style="dim", markup=False, soft_wrap=True)
            return
        epoch, measures = int(row["epoch"]), in_words(row)
        if self.bars.out.is_terminal:
            self.checked = measures = in_words(row, self.bars.out.width)
            self.bars.progress.update(self.task, where=self._where(epoch, measures))
        elif is_told(epoch, self.epochs):
            self.bars.about(self._at(epoch, measures))

    def _at(self, epoch: int, measures: str) -> str:
        if epoch == self.epochs == 1:
            return say("cli.show.trained", name=self.name, measures=measures)
        at = f"{epoch}/{self.epochs}" if epoch <= self.epochs else f"{epoch}"
        return say("cli.show.epoch", name=self.name, at=at, measures=measures)

    def _where(self, epoch: int, measures: str) -> str:
        at = {"epoch": epoch, "epochs": max(self.epochs, epoch), "measures": measures}
        return say(f"cli.show.where_{'narrow' if self.bars.out.width < NARROW else 'wide'}", **at)

    def end(self) -> None:
        self.bars.progress.update(self.task, completed=1, total=1, where=say("cli.show.ended"))

    def progress_to(self, at: run_local.Progress) -> None:
        done, epochs = (at.epoch - 1) * at.steps + at.step, max(self.epochs, at.epoch)
        loss = say("cli.show.loss", loss=at.loss)
        where = self._where(at.epoch, self.checked or loss)
        self.bars.progress.update(self.task, completed=done, total=epochs * at.steps, where=where)


def in_words(row: Mapping[str, float], width: int = WIDE) -> str:
    """Return what an epoch gave on the validation set: loss 0.1163, accuracy 96.45%.

    Where there is little room the score alone, and where there is less its figure alone.
    """
    score, loss = main_score(row), row.get(f"{VALID}loss")
    told = [] if loss is None else [f"{say('words.loss')} {say('words.shape.loss', value=loss)}"]
    if score:
        written = score.written(row[f"{VALID}{score.name}"])
        told.append(f"{say(f'words.{score.name}')} {written}" if width >= NARROW else written)
    return ", ".join(told if width >= WIDE else told[-1:])


MOST_LINES = 4


def is_told(epoch: int, epochs: int) -> bool:
    """Say whether a line is written of an epoch: of the first, the last, and a few between.

    Of a script that goes on longer than was known, of 1, 2, 3 ... 10, 20 ... 100, 200 ...
    """
    if epoch > epochs:
        return set(str(epoch)[1:]) <= {"0"}
    steps = (number * 10**zeros for zeros in range(9) for number in (1, 2, 5))
    step = next(step for step in steps if epochs <= MOST_LINES * step)
    return epoch in (1, epochs) or epoch % step == 0


class Live(Bars):
    """A single bar, of a script whose end alone is told."""

    def __init__(self, name: str, epochs: int) -> None:
        super().__init__()
        self._bar = self.bar(name, epochs)
        self.line, self.progress_to = self._bar.line, self._bar.progress_to


def run_label(model: str, framework: str, task: str | None = None, short: bool = False) -> str:
    """Return "logistic regression, scikit-learn" in the user's language."""
    return f"{model_name(model, task, short)}, {say(f'words.framework_{framework}')}"


def status(name: str) -> str:
    """Return the words for one of `runs.STATUSES`."""
    return say(f"words.status_{name.replace(' ', '_')}")


def runs_table(
    summaries: Sequence[Mapping[str, Any]], title: str, crowned: bool = True, short: bool = False
) -> Table:
    """Return the comparison of runs: what each is, how well it does, what it costs.

    The best is set off where it is `crowned`: not where its score is worth nothing. Models have
    their names in full, or `short` ones: MLP.
    """
    measure = common_score(summaries)
    table = plain_table(title, [COLUMNS.index(column) for column in LEFT_OUT_FIRST])
    for name, justify in COLUMNS:
        words = say(f"cli.show.column.{name.format(measure=measure.name)}")
        # The last of two lines, like the others
        heading = words if "\n" in words else f"\n{words}"
        table.add_column(heading, justify=justify, no_wrap=name != "model")
    values = [run.get(f"{VALID}{measure.name}", math.nan) for run in summaries]
    reached = [measure.goodness(one) if math.isfinite(one) else -math.inf for one in values]
    listed = [Run(Path(run["path"])) for run in summaries]
    called = short_names(listed)
    for one, run, score in zip(listed, summaries, reached, strict=True):
        is_best = crowned and score == max(reached) > -math.inf and len(summaries) > 1
        cells = called[one], *_cells(run, measure, short)
        table.add_row(*cells, style="bold green" if is_best else None)
    return table


def legend(summaries: Sequence[Mapping[str, Any]]) -> str:
    """Return what the words above the columns of a table of runs mean."""
    return say(f"cli.show.legend.{common_score(summaries).name}")


def plain_table(title: str | None = None, spare: Sequence[int] = ()) -> Table:
    """Return a table without lines; where it is too wide it does without its `spare` columns."""
    return WholeWords(
        spare=spare,
        title=title,
        title_justify="left",
        title_style="bold",
        header_style="bold",
        box=None,
        padding=(0, 1, 0, 0),
        pad_edge=False,
    )


COLUMNS: tuple[tuple[str, Literal["left", "right"]], ...] = (
    ("number", "left"),
    ("model", "left"),
    ("framework", "left"),
    ("train_loss", "right"),
    ("train_{measure}", "right"),
    ("valid_loss", "right"),
    ("valid_{measure}", "right"),
    ("seconds", "right"),
    ("parameters", "right"),
)
LEFT_OUT_FIRST = (COLUMNS[8], COLUMNS[7], COLUMNS[3], COLUMNS[4], COLUMNS[2])
"""Where there is no room: the parameters, the time, the training set, the framework."""


def _cells(run: Mapping[str, Any], measure: Measure, short: bool) -> list[str]:
    def number(name: str, shape: str) -> str:
        value = run.get(name)
        return "" if value is None else say(f"words.shape.{shape}", value=value)

    return [
        model_name(str(run["model"]), run.get("task"), short),
        say(f"words.framework_{run['framework']}"),
        number("train_loss", "loss"),
        measure.written(run.get(f"train_{measure.name}")),
        number("valid_loss", "loss"),
        measure.written(run.get(f"{VALID}{measure.name}")),
        number("seconds", "seconds"),
        number("parameters", "count"),
    ]


def ending(facts: "RunFacts") -> str:
    """Return at which epoch early stopping ended a run, and of which its model is; or nothing."""
    epochs = facts.last.get("epoch", math.nan)
    if facts.kept_epoch is None or not math.isfinite(epochs):
        return ""
    values = {"epochs": int(epochs), "kept": facts.kept_epoch}
    return say("runs.kept_early" if facts.status == STOPPED_EARLY else "runs.kept", **values)


def model_name(kind: str, task: str | None = None, short: bool = False) -> str:
    """Return the words for a kind of model, or its abbreviation where it is to be `short` and has
    one; somebody's own script keeps its name."""
    from apprenti.model.catalogue import words_for

    if short and kind in ABBREVIATED:
        return say(f"words.short_{kind}")
    return words_for(kind, task)


ABBREVIATED = ("svm", "mlp", "cnn", "resnet", "gru", "conv1d")


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
        if task:
            bar.stop()


def drawn(draw: Callable[[Path], list[Any]], folder: Path) -> list[Path]:
    """Draw into a folder; where nothing can be written, nothing is."""
    from apprenti.errors import ApprentiError
    from apprenti.train import curves

    try:
        curves.load()
        return [path for path in draw(folder) if path]
    except ApprentiError:
        return []
