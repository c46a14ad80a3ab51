"""apprenti compare --all, on the screen: every model that suits the data, the best first."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.command_line import of_apprenti
from apprenti.errors import Interrupted
from apprenti.language import say
from apprenti.script.run_local import Progress, Watcher
from apprenti.train.audience import Watched

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.leaderboard import Board, Entry
    from apprenti.runs import Run
    from apprenti.train.candidates import Candidates, LeftOut

PICTURE = "leaderboard.png"

COLUMNS = ("sign", "run", "model", "framework", "score", "interval", "seconds", "memory", "size")
NARROW = ("sign", "run", "model", "score", "interval", "seconds")
WIDTHS = {90: COLUMNS, 80: COLUMNS[:-1], 0: NARROW}
"""From how many columns of the terminal on which columns of the leaderboard are shown."""

SIGNS = {"best": "1", "level": "≈"}


def run(folder: Path, overrides: dict[str, object], again: bool, as_json: bool) -> None:
    """Train every model that suits the data, and show how they stand."""
    from apprenti.cli import show_data, show_ledger, show_runs
    from apprenti.data.findings import words
    from apprenti.diagnose.remembered import troubled
    from apprenti.evaluate import leaderboard
    from apprenti.evaluate.too_good import doubts
    from apprenti.project import load

    out = show.console(stderr=as_json)
    project = load(folder, overrides)
    chosen = leaderboard.choose(project, list(overrides))
    _introduce(out, chosen)
    with Counted(len(chosen.plans)) as counted:
        board = leaderboard.make(chosen, counted, again)
    found = doubts(board.runs, counted.serious, project)
    if found:
        board = board.in_doubt()
    path = project.folder / PICTURE if board.entries else None
    if path:
        _tell(out, board, counted.there)
        leaderboard.draw(board, path)
        show.tell(out, say("train.board.drawn", path=path))
        if board.best:
            show.tell(out, say("train.board.next", **_command(board.best)))
        show_ledger.tell_selected(out, board.runs)
        if found:
            codes = ", ".join(dict.fromkeys(one.code for one in found))
            show.tell(out, say("data.not_judged", codes=codes))
        show_data.doubts(out, found, folder)
    # Told from the last to the first: here the best
    wrong = troubled(reversed(board.runs), project)
    show_runs.tell_troubled(wrong, folder, out)
    told = {**board.as_json(), "findings": [words.as_json(one) for one in found]}
    told["diagnosis"] = [problem for one in wrong for problem in one.as_json()]
    told["picture"] = str(path) if path else None
    if board.stopped:
        done = sum(one.standing != "lost" for one in board.entries)
        stopped = Interrupted("board_stopped", done=done, all=len(chosen.plans))
        stopped.reached = told
        raise stopped
    if as_json:
        show.print_json(told)


def _introduce(out: "Console", chosen: "Candidates") -> None:
    from apprenti.model.catalogue import NETWORKS

    frameworks = {planned.choices.train.framework for planned in chosen.plans}
    networks = [say(f"words.framework_{name}") for name in NETWORKS if name in frameworks]
    key = "networks" if networks else "simple"
    values = {"models": len(chosen.plans), "frameworks": ", ".join(networks)}
    show.tell(out, say(f"train.board.{key}", **values))
    for one in chosen.left_out:
        show.tell(out, "· " + _why(one))


def _why(one: "LeftOut") -> str:
    """Say why a model is left out."""
    words = {"name": show.model_name(one.model), "model": one.model, "why": one.why}
    framework = say(f"words.framework_{one.framework}")
    minutes = max(1, round(one.seconds / 60))
    values = {"framework": framework, "extra": one.framework, "minutes": minutes}
    return say(f"train.board.left_out.{one.reason}", **words, **values)


class Counted(show.Bars):
    """How many models are done and which are at work; off a terminal, a line for each."""

    def __init__(self, models: int) -> None:
        super().__init__()
        self.models, self.done, self.there = models, 0, 0
        self._at_work: list[At] = []
        self._bar = self.progress.add_task("", total=models, where="")
        self._show()

    def reused(self, run: "Run") -> None:
        """Count a run that is there already; the table says which."""
        self.done, self.there = self.done + 1, self.there + 1
        self._show()

    def watch(self, watched: Watched) -> "At":  # type: ignore[override]
        """Return who watches a model that begins."""
        self._at_work.append(At(name(watched.model, watched.framework, watched.task)))
        self._show()
        return self._at_work[-1]

    def leave(self, watcher: Watcher) -> None:
        """Count a model that has ended."""
        if isinstance(watcher, At) and watcher in self._at_work:
            self._at_work.remove(watcher)
            self.done += 1
            self._show()
            if not self.progress.console.is_terminal:
                words = say("train.board.done", done=self.done, all=self.models, model=watcher.name)
                show.tell(self.progress.console, words)

    def _show(self) -> None:
        names = ", ".join(one.name for one in self._at_work)
        words = say("train.board.count", done=self.done, all=self.models)
        where = names or say("cli.show.starting")
        self.progress.update(self._bar, description=words, completed=self.done, where=where)


class At:
    """A model at work, of which nothing more is shown."""

    def __init__(self, name: str) -> None:
        self.name = name

    def line(self, text: str) -> None:
        pass

    def progress_to(self, at: Progress) -> None:
        pass


# The table, and what follows from it


def name(model: str, framework: str | None, task: str | None) -> str:
    """Return what a model is called: with its framework, where there may be two of it."""
    from apprenti.model.catalogue import NETWORKS

    if framework in NETWORKS:
        return show.run_label(model, framework, task)
    return show.model_name(model, task)


def _tell(out: "Console", board: "Board", there: int) -> None:
    out.print()
    out.print(table(board, out.width))
    out.print()
    for words in sentences(board):
        show.tell(out, "· " + words)
    if there:
        show.tell(out, "· " + say("train.board.there", runs=there))
    for name, error in board.errors.items():
        show.tell(out, f"✗ {name}: {error.parts()[0]} {error.parts()[1]}", style="red")


def table(board: "Board", width: int) -> "Table":
    """Return the leaderboard, at most so many columns wide where names of models can be broken."""
    made = show.plain_table(say("train.board.title", rows=board.rows))
    names = next(names for least, names in WIDTHS.items() if width >= least)
    for column in names:
        key = board.measure.name if column == "score" else column
        left = column in ("sign", "run", "model", "framework")
        made.add_column(
            say(f"train.board.column.{key}") if column != "sign" else "",
            justify="left" if left else "right",
            no_wrap=column != "model",
        )
    for one in board.entries:
        cells = _cells(board, one, "framework" in names)
        style = {"best": "bold green", "lost": "dim"}.get(one.standing)
        made.add_row(*(cells[column] for column in names), style=style)
    return made


def _cells(board: "Board", one: "Entry", has_framework: bool) -> dict[str, str]:
    score = board.measure.written(one.score)
    if one.standing == "lost":
        score = show.status(one.status)
    kind = show.model_name(one.model, one.task)
    return {
        "sign": SIGNS.get(one.standing, ""),
        "run": one.short,
        "model": kind if has_framework else name(one.model, one.framework, one.task),
        "framework": say(f"words.framework_{one.framework}"),
        "score": score,
        "interval": _interval(board, one),
        "seconds": say("words.shape.seconds", value=one.seconds),
        "memory": _memory(one.memory_mb),
        "size": _size(one.size),
    }


def _interval(board: "Board", one: "Entry") -> str:
    if one.high is None:
        return ""
    bounds = {"low": one.low, "high": one.high}
    shown = {n: None if v is None else board.measure.scale * v for n, v in bounds.items()}
    key = "below" if one.low is None else board.measure.name
    return say(f"train.board.interval.{key}", **shown)


def _memory(megabytes: int | None) -> str:
    return say("train.board.size.memory", value=megabytes) if megabytes else ""


def _size(size: float) -> str:
    if not size:
        return ""
    unit = "mb" if size >= 1e6 else "kb"
    return say(f"train.board.size.{unit}", value=max(1, size / {"mb": 1e6, "kb": 1e3}[unit]))


def sentences(board: "Board") -> list[str]:
    """Say what the leaderboard shows: the best, what is level with it, and what nobody beats."""
    best = board.best
    if best is None:
        return []
    named = {"model": name(best.model, best.framework, best.task), "run": best.short}
    level = [one for one in board.entries if one.standing == "level"]
    found = []
    if len(board.entries) > 1:
        key = "level" if level else "ahead"
        found.append(say(f"train.board.{key}", **named, others=len(level), rows=board.rows))
    if any(one.model == "trivial" for one in [best, *level]):
        found.append(say("train.board.nothing"))
    elif any(one.model == "linear" for one in level):
        found.append(say("train.board.simple_enough", model=_linear(level)))
    found.append(say("train.board.flattered"))
    return found


def _linear(level: Sequence["Entry"]) -> str:
    return next(show.model_name(one.model, one.task) for one in level if one.model == "linear")


def _command(best: "Entry") -> dict[str, Any]:
    """Return the command that shows the run of the best model, as it can be pasted."""
    return {"command": of_apprenti("runs", "show", best.run)}
