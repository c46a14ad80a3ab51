"""What `apprenti runs` shows of several runs: their list, and some of them side by side."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show, show_ledger
from apprenti.cli.show_data import MARKS, STYLES
from apprenti.command_line import written as as_typed
from apprenti.language import say
from apprenti.measures import VALID, Measure, main_score
from apprenti.run_settings import changes
from apprenti.runs import COMPLETE, RunFacts, short_names

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.cli.whole_words import WholeWords
    from apprenti.diagnose.remembered import Troubled
    from apprenti.evaluate.side_by_side import SideBySide
    from apprenti.evaluate.verdict import Verdict

LEFT = ("short", "run", "status", "changes", "note")
"""The columns of the list whose cells are words."""

LEFT_OUT_FIRST = ("epoch", "seconds", "valid_loss", "status")
"""Of the list, where it is wider than the terminal."""

MOST_NAMED = 5
"""So many runs are named that are not told of one by one."""

Cells = Mapping[str, str]


def fits(out: "Console", table: "WholeWords") -> bool:
    """Say whether a table is no wider than what it is printed on, no word of it being broken."""
    return table.narrowest(out) <= out.width


def tell_list(listed: Sequence[RunFacts], left_out: int, is_sorted: bool) -> None:
    """Show runs one a line: what tells each from the first, where it stands, how well it does."""
    out = show.console()
    if not listed:
        show.tell(out, say("runs.none"))
        return
    scores = {facts.name: main_score(facts.kept) for facts in listed}
    names = {measure.name for measure in scores.values() if measure}
    # Where runs measured different things, each says its own under a heading for all
    score = names.pop() if len(names) == 1 else "score"
    sound = [facts for facts in listed if not facts.damage]
    first = min(sound, key=lambda facts: facts.number or 0, default=None)
    told = changes(first, sound) if first else []
    changed = dict(zip((facts.name for facts in sound), told, strict=True))
    called = short_names(facts.run for facts in listed)
    selected = show_ledger.marked(listed[0].folder.parent.parent, listed)
    lines = [
        {
            **_marked(_cells(facts, scores[facts.name]), facts.name in selected),
            "short": called[facts.run],
            "changes": written(changed.get(facts.name, {})),
        }
        for facts in listed
    ]
    out.print(_fitting(out, lines, score))
    for facts in listed:
        if facts.damage:
            show.tell(out, f"! {facts.damage}", style="yellow")
    if first and any(line["changes"] for line in lines):
        show.tell(out, say("runs.changes", run=called[first.run]), style="dim")
    show_ledger.tell_marked(out, selected)
    if left_out:
        show.tell(out, say("runs.more_sorted" if is_sorted else "runs.more", count=left_out))


MOST_TROUBLED = 3
"""Of so many runs it is said what is wrong with them; the others are named."""


def tell_troubled(found: "Sequence[Troubled]", project: Path, out: "Console | None" = None) -> None:
    """Say with which runs something is wrong, the last first, and how to see what and why."""
    out, called = out or show.console(), short_names(one.run for one in found)
    newest = list(reversed(found))
    for one in newest[:MOST_TROUBLED]:
        mark, style = MARKS[one.problems[0].severity], STYLES[one.problems[0].severity]
        told = say("runs.troubled", run=called[one.run], problems=named(one))
        show.tell(out, f"{mark} {told}", style=style)
        show.commands(out, [as_typed("apprenti", "diagnose", called[one.run])], project)
    if others := [called[one.run] for one in newest[MOST_TROUBLED:]]:
        words = {"names": ", ".join(others[:MOST_NAMED]) + "…" * (len(others) > MOST_NAMED)}
        show.tell(out, say("runs.troubled_more", count=len(others), **words), style="dim")


def named(one: "Troubled") -> str:
    """Return the names of the problems of a run, with their codes."""
    problems = one.problems
    return ", ".join(f"{say(f'findings.{each.code}.name')} ({each.code})" for each in problems)


def written(changed: Mapping[str, Any]) -> str:
    """Return settings as they are given on the command line: epochs=10."""
    return " ".join(f"{name}={_value(value)}" for name, value in changed.items())


def _value(value: Any) -> str:
    """Return the value of a setting, as short as it can be written."""
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_value, value))}]"
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def _cells(facts: RunFacts, measure: Measure | None) -> dict[str, str]:
    told = facts.summary()
    loss, seconds = told.get("valid_loss"), told["seconds"]
    return {
        "run": facts.name,
        "status": show.status(facts.status),
        "epoch": _epochs(told),
        "valid_loss": "" if loss is None else say("words.shape.loss", value=loss),
        "score": measure.written(told[f"{VALID}{measure.name}"]) if measure else "",
        "seconds": "" if seconds is None else say("words.shape.seconds", value=seconds),
        "note": facts.note.splitlines()[0] if facts.note else "",
    }


def _marked(cells: dict[str, str], is_selected: bool) -> dict[str, str]:
    """Return the cells of a run, with a mark where it was selected on the test set."""
    return {**cells, "score": f"{cells['score']} {show_ledger.MARK}"} if is_selected else cells


def _epochs(told: Mapping[str, Any]) -> str:
    """Return how many epochs a run went through; 7/17 where the model is that of the seventh."""
    epoch, kept = str(told.get("epoch", "")), told.get("kept_epoch")
    return f"{kept}/{epoch}" if kept else epoch


def _fitting(out: "Console", lines: Sequence[dict[str, str]], score: str) -> "WholeWords":
    """Return the list, less what matters least where the terminal is narrow; names stay whole."""
    wanted = ["short", "run", "status", "changes", "epoch", "valid_loss", "score", "seconds"]
    wanted = [name for name in [*wanted, "note"] if any(line[name] for line in lines)]
    bare = [{**line, "run": _without_day(line["run"])} for line in lines]
    for count in range(len(LEFT_OUT_FIRST) + 1):
        columns = [name for name in wanted if name not in LEFT_OUT_FIRST[:count]]
        for shown in (lines, bare):
            table = _list(shown, columns, score)
            if fits(out, table):
                return table
    return table


def _without_day(name: str) -> str:
    """Return what the name of a run says beside its day and its number, which stand alone."""
    from apprenti.runs import DATED

    return DATED.sub("", name) or name


def _list(lines: Iterable[Cells], columns: Sequence[str], score: str) -> "WholeWords":
    table = show.plain_table()
    for name in columns:
        heading = say(f"cli.show.column.{f'{VALID}{score}' if name == 'score' else name}")
        left = name in LEFT
        wraps = name in ("changes", "note")
        table.add_column(heading, justify="left" if left else "right", no_wrap=not wraps)
    for line in lines:
        table.add_row(*(line[name] for name in columns))
    return table


# ---- Side by side


ROWS = (
    ("status", "status"),
    ("epoch", "count"),
    ("train_loss", "loss"),
    ("train_{score}", "score"),
    ("valid_loss", "loss"),
    ("valid_{score}", "score"),
    ("seconds", "seconds"),
    ("parameters", "count"),
)
"""What is told of each run, and how it is written."""

MOST_LINES = 40
"""Of the difference of two scripts, unless all of it is asked for."""

COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def tell_side_by_side(found: "SideBySide", picture: object, whole: bool) -> None:
    """Show runs side by side: results, settings, which is better, and the difference of scripts."""
    out = show.console()
    selected = show_ledger.marked(found.facts[0].folder.parent.parent, found.facts)
    for name, facts in zip(found.names, found.facts, strict=True):
        label = show.run_label(facts.model, facts.framework, facts.task) if facts.model else ""
        called = [facts.name] if name == facts.name else [name, facts.name]
        mark = show_ledger.MARK if facts.name in selected else ""
        told = [*called, label or show.status(facts.status), facts.note, mark]
        show.tell(out, "  ".join(filter(None, told)))
    show_ledger.tell_marked(out, selected)
    out.print()
    show.tell(out, say("runs.results"), style="bold")
    out.print(_turned(out, found.names, _results(found.facts)))
    out.print()
    _tell_settings(out, found)
    _tell_verdicts(out, found)
    if picture:
        show.tell(out, say("runs.overlaid", path=picture))
    _tell_scripts(out, found, whole)


def _results(facts: Sequence[RunFacts]) -> dict[str, list[str]]:
    from apprenti.measures import common_score

    measure = common_score(one.kept for one in facts)
    lines: dict[str, list[str]] = {}
    for column, shape in ROWS:
        name = column.format(score=measure.name)
        cells = [_result(one, name, shape, measure) for one in facts]
        if any(cells):
            heading = say(f"cli.show.column.{name}")
            lines[heading.replace("\n", " ")] = cells
    return lines


def _result(facts: RunFacts, name: str, shape: str, measure: Measure) -> str:
    if shape == "status":
        return "" if facts.status in COMPLETE else show.status(facts.status)
    value = {} if facts.damage else facts.summary()
    found = value.get(name)
    if name == "epoch" and value.get("kept_epoch"):
        return _epochs(value)
    if found is None or shape == "score":
        return measure.written(found)
    return say(f"words.shape.{shape}", value=found)


def _turned(
    out: "Console", names: Sequence[str], lines: Mapping[str, Sequence[str]]
) -> "WholeWords":
    """Return a table with a column a run, or where these do not fit a line a run."""
    upright = show.plain_table()
    for heading in ("", *names):
        upright.add_column(heading, justify="right" if heading else "left")
    for heading, cells in lines.items():
        upright.add_row(heading, *cells)
    if fits(out, upright):
        return upright
    across = show.plain_table()
    for heading in ("", *lines):
        across.add_column(heading, justify="right" if heading else "left", vertical="bottom")
    for name, cells in zip(names, zip(*lines.values(), strict=True), strict=True):
        across.add_row(name, *cells)
    return across


def _tell_settings(out: "Console", found: "SideBySide") -> None:
    if found.differences:
        lines = {one.name: [_value(value) for value in one.values] for one in found.differences}
        show.tell(out, say("runs.differ"), style="bold")
        out.print(_turned(out, found.names, lines))
    elif not found.own_scripts:
        show.tell(out, say("runs.same_settings"))
    out.print()


def _tell_verdicts(out: "Console", found: "SideBySide") -> None:
    called = {one.name: name for one, name in zip(found.facts, found.names, strict=True)}
    for verdict in found.verdicts:
        show.tell(out, "· " + _sentence(verdict, called))
    remarks = {"other_rows": found.other_rows, "other_columns": found.other_columns}
    for key, others in remarks.items():
        if others:
            words = {"runs": ", ".join(called[name] for name in others), "first": found.names[0]}
            show.tell(out, "! " + say(f"runs.{key}", **words), style="yellow")


def _sentence(verdict: "Verdict", called: Mapping[str, str]) -> str:
    bounded = verdict.measure if verdict.as_json()["low"] is not None else "unbounded"
    gain = say(f"train.verdict.{bounded}", **verdict._asdict())
    names = {"run": called[verdict.run], "other": called[verdict.other]}
    return say(f"evaluate.verdict.{verdict.outcome}", **names, gain=gain, rows=verdict.rows)


def _tell_scripts(out: "Console", found: "SideBySide", whole: bool) -> None:
    """Show what tells two scripts apart; of a long difference between scripts of ours, how much."""
    if len(found.facts) != 2:
        if found.own_scripts or whole:
            show.tell(out, say("runs.scripts_of_two", one=found.names[0], other=found.names[1]))
        return
    lines = found.script_difference.splitlines()
    if not lines:
        show.tell(out, say("runs.same_scripts"))
    elif len(lines) > MOST_LINES and not (found.own_scripts or whole):
        show.tell(out, say("runs.scripts_apart", count=len(lines)))
    else:
        _tell_difference(out, lines if whole else lines[:MOST_LINES], len(lines))


def _tell_difference(out: "Console", shown: Sequence[str], count: int) -> None:
    out.print()
    show.tell(out, say("runs.scripts_differ"), style="bold")
    for line in shown:
        style = "bold" if line.startswith(("---", "+++")) else COLOURS.get(line[:1])
        out.print(line, style=style, soft_wrap=True)
    if count > len(shown):
        show.tell(out, say("runs.scripts_more", count=count - len(shown)))
