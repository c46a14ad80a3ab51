"""The eleven items on the screen: a line for each, what shows how it stands, what to do next."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti import checklist
from apprenti.checklist import DONE, IN_DOUBT, NOT_APPLICABLE, NOT_DONE, questions
from apprenti.cli import show
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.checklist import Evidence, Judged

MARKS = {DONE: "✓", NOT_DONE: "✗", IN_DOUBT: "?", NOT_APPLICABLE: "–"}
STYLES = {DONE: "green", NOT_DONE: "bold red", IN_DOUBT: "bold yellow", NOT_APPLICABLE: "dim"}

MOST_SHOWN = 3
"""So much of what keeps an item open is told where all items are shown."""


def tell(judged: "Sequence[Judged]", project: Path) -> None:
    """Print all items, with what keeps each open, and how many are done."""
    out = show.console()
    show.tell(out, say("checklist.title", name=project.resolve().name), style="bold")
    for item in judged:
        _head(out, item)
        kept = item.open or list(item.evidence)
        _evidence(out, kept[: MOST_SHOWN if item.open else 1])
        if item.open and len(kept) > MOST_SHOWN:
            more = say("checklist.rest", count=len(kept) - MOST_SHOWN, item=item.item)
            show.tell(out, f"      {more}", style="dim")
    out.print()
    show.tell(out, checklist.summary(judged), style="bold")
    asked = questions.open_questions(judged)
    if asked:
        show.tell(out, say("checklist.open", count=len(asked)))


def tell_item(item: "Judged") -> None:
    """Print all that was looked at for one item."""
    out = show.console()
    _head(out, item)
    _evidence(out, item.evidence)


def tell_questions(judged: "Sequence[Judged]") -> None:
    """Print the questions that wait for an answer, each with the command that gives it."""
    asked = questions.open_questions(judged)
    out = show.console()
    show.tell(out, say("checklist.questions" if asked else "checklist.no_question"))
    for one in asked:
        out.print()
        show.hanging(out, "  ? ", one.text, STYLES[IN_DOUBT])
        show.commands(out, [one.command])


def _head(out: "Console", item: "Judged") -> None:
    head, state = f" {MARKS[item.state]} {item.number:>2}  ", say(f"checklist.state.{item.state}")
    show.hanging(out, head, f"{item.title} · {state}", STYLES[item.state], STYLES[item.state])


def _evidence(out: "Console", shown: "Iterable[Evidence]") -> None:
    told: set[str] = set()
    for one in shown:
        where = f" ({one.file})" if one.file else ""
        head = f"      {MARKS[one.state]} "
        show.hanging(out, head, f"{one.told()}{where}", STYLES[one.state], None)
        if one.state in (NOT_DONE, IN_DOUBT):
            show.commands(out, (line for line in one.commands if line not in told))
            told.update(one.commands)
