"""apprenti agree: how far PyTorch and TensorFlow agree from one start, and why they differ."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Assignments, Json, Lang, ProjectFolder, read_assignments
from apprenti.command_line import of_apprenti
from apprenti.language import say

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.project import Project


def run(
    assignments: Assignments = None,
    all_rows: Annotated[bool, typer.Option("--all-rows", help=say("cli.agree.all_rows"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show
    from apprenti.project import load

    overrides = read_assignments(assignments)
    out = show.console(stderr=as_json)
    content = measure(out, load(project, overrides), all_rows, overrides)
    if as_json:
        show.print_json(content)


def measure(
    out: "Console", project: "Project", whole: bool = False, overridden: "Any" = ()
) -> dict[str, Any]:
    """Do the experiment, tell what was found, draw it, and return it as plain values."""
    from apprenti.cli import show, show_agreement
    from apprenti.evaluate import agreement, agreement_picture

    own = project.choices.model.kind
    try:
        found = agreement.measure(
            project,
            show_agreement.watching,
            whole,
            lambda model, extent: show_agreement.tell_extent(out, own, model, extent),
            overridden,
        )
    except KeyboardInterrupt:
        show.tell(out, say("evaluate.agreement.interrupted", command=of_apprenti("agree")))
        raise
    show_agreement.tell(out, found)
    picture = agreement_picture.draw(found, project.folder / "agreement.png")
    out.print()
    show.tell(out, say("evaluate.agreement.picture.where", path=picture))
    if found.extent.partial:
        command = of_apprenti("agree", "--all-rows")
        show.tell(out, say("evaluate.agreement.more", command=command))
    return {**found.as_json(), "picture": str(picture)}
