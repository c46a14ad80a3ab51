"""apprenti explain: what a finding, a failure, a term or a setting means."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.explain import Explanation


def complete_word(incomplete: str) -> list[str]:
    from apprenti.explain import known

    names = (name for _, _, asked in known() for name in asked)
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)]


def run(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            help=say("cli.explain.word"),
            metavar="WORD",
            autocompletion=complete_word,
            show_default=False,
        ),
    ] = None,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show
    from apprenti.explain import explain

    if not words:
        _list(as_json)
        return
    found = explain(" ".join(words))
    if as_json:
        show.print_json({"explained": [one.as_json() for one in found]})
    else:
        tell(show.console(), found, project)


def tell(out: "Console", found: Sequence["Explanation"], project: Path = Path(".")) -> None:
    """Print explanations; of a finding also what it is about in this project."""
    from apprenti.cli import show
    from apprenti.explain import FINDING

    for place, (kind, told, _) in enumerate(found):
        if place:
            out.print()
        title = f"{told.code}  {told.name}" if told.code not in ("", told.name) else told.name
        show.tell(out, title, style="bold")
        for label, part in (("", told.what), ("doctor.cause_label", told.why)):
            if part:
                markdown(out, f"{say(label)} {part}" if label else part)
        if told.todo:
            label = "" if told.code == told.name else f"{say('doctor.cure_label')} "
            show.tell(out, f"{label}{told.todo}")
        show.commands(out, told.commands)
        if kind == FINDING:
            _tell_here(out, told.code, project)


def _tell_here(out: "Console", code: str, project: Path) -> None:
    """Print what was found of this kind in the project in which one is, if there is one."""
    from apprenti.cli import show, show_data
    from apprenti.errors import ApprentiError
    from apprenti.project import load
    from apprenti.standing import known

    try:
        found = [one for one in known(load(project)) or () if one.code == code and one.is_found]
    except ApprentiError:
        return
    if found:
        out.print()
        show.tell(out, say("cli.explain.here"), style="bold")
    for one in found:
        show_data.in_full(out, one, project)


def markdown(out: "Console", text: str) -> None:
    """Print the paragraphs, lists and tables of a page, without their marks."""
    from apprenti.cli import show

    for place, paragraph in enumerate(text.split("\n\n")):
        if place:
            out.print()
        lines = [show.without_marks(line) for line in paragraph.splitlines()]
        if lines[:1] and lines[0].startswith("|"):
            out.print(_table(lines))
        elif any(line.startswith(("- ", "    ")) for line in lines):
            for line in lines:
                show.tell(out, line)
        else:
            show.tell(out, " ".join(lines))


def _table(lines: Sequence[str]) -> object:
    from apprenti.cli import show

    head, _, *rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in lines)
    table = show.plain_table()
    for name in head:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    return table


def _list(as_json: bool) -> None:
    """Print all that can be explained."""
    from apprenti.cli import show
    from apprenti.explain import FAILURE, FINDING, KINDS, code_of, known, name_of

    names = {kind: [name for one, name, _ in known() if one == kind] for kind in KINDS}
    if as_json:
        codes = {kind: [code_of(kind, name) for name in names[kind]] for kind in KINDS}
        show.print_json({"known": codes})
        return
    out = show.console()
    for kind in KINDS:
        show.tell(out, say(f"cli.explain.{kind}"), style="bold")
        if kind in (FINDING, FAILURE):
            for name in names[kind]:
                show.tell(out, f"  {name:<4}  {name_of(kind, name)}")
        else:
            show.tell(out, "  " + ", ".join(names[kind]))
