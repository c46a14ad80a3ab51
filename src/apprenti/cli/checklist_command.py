"""apprenti checklist: the eleven items of a project, what shows how each stands, what is next."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder
from apprenti.errors import ApprentiError
from apprenti.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from apprenti.new.change import Change


def complete_item(incomplete: str) -> list[str]:
    """Complete the name of an item."""
    from apprenti.checklist.items import NAMES

    return [name for name in NAMES if name.startswith(incomplete)]


def complete_answer(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a question, then its answer where there are a few."""
    from apprenti.cli.options import complete_setting

    found = complete_setting(ctx, f"answers.{incomplete}")
    return [one.removeprefix("answers.") for one in found]


def _option(name: str, **more: Any) -> Any:
    return typer.Option(f"--{name}", help=say(f"cli.checklist.{name}"), **more)


Item = Annotated[
    str,
    typer.Argument(
        help=say("cli.checklist.item"),
        metavar="ITEM",
        autocompletion=complete_item,
        show_default=False,
    ),
]
Answers = Annotated[
    list[str] | None, _option("answer", metavar="KEY=VALUE", autocompletion=complete_answer)
]


def run(
    item: Item = "",
    questions: Annotated[bool, _option("questions")] = False,
    answer: Answers = None,
    because: Annotated[str, _option("because", metavar="TEXT")] = "",
    undo: Annotated[bool, _option("undo")] = False,
    strict: Annotated[bool, _option("strict")] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import checklist
    from apprenti.cli import show, show_checklist
    from apprenti.project import load

    asked = [bool(item), questions, bool(answer), undo]
    if sum(asked) > 1 or (because and not answer) or (strict and any(asked[1:])):
        raise ApprentiError("checklist_usage")
    if answer or undo:
        _tell_changes(_change(project, answer or [], because), as_json)
        return
    judged = checklist.judge(load(project))
    shown = [checklist.one(judged, item)] if item else judged
    if as_json:
        show.print_json(checklist.as_json(shown))
    elif questions:
        show_checklist.tell_questions(judged)
    elif item:
        show_checklist.tell_item(shown[0])
    else:
        show_checklist.tell(judged, project)
    if strict and not all(one.is_settled for one in shown):
        raise typer.Exit(1)


def _change(project: Path, answers: "Sequence[str]", because: str) -> "Sequence[Change]":
    """Keep answers, or take the last ones back where there are none."""
    from apprenti.checklist import questions

    if not answers:
        return questions.undo(project)
    if wrong := next((text for text in answers if "=" not in text), None):
        raise ApprentiError("no_answer", text=wrong)
    given = dict(text.split("=", 1) for text in answers)
    return questions.answer(project, given, because)


def _tell_changes(changes: "Sequence[Change]", as_json: bool) -> None:
    from apprenti.cli import show
    from apprenti.cli.set_command import changed

    if as_json:
        show.print_json({"changes": [one.as_json() for one in changes]})
        return
    out = show.console()
    changed(out, changes, is_undone=True)
    if changes:
        show.tell(out, say("checklist.undo"), style="dim")
