"""apprenti report: one page by which others can judge the project; its PDF, and the model card."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_run
from apprenti.language import say


def run(
    out: Annotated[
        Path | None, typer.Option(help=say("cli.report.out"), metavar="FILE", show_default=False)
    ] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("cli.report.pdf"))] = False,
    card: Annotated[bool, typer.Option("--card", help=say("cli.report.card"))] = False,
    name: Annotated[
        str,
        typer.Option(
            "--run", help=say("cli.report.run"), metavar="RUN", autocompletion=complete_run
        ),
    ] = "",
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import report
    from apprenti.cli import show
    from apprenti.project import load

    written = report.write(load(project), out, name, pdf=pdf, card=card)
    if as_json:
        show.print_json(written.as_json())
        return
    console = show.console()
    for kind, path in written.files.items():
        show.tell(console, say(f"report.{kind}_written", path=path))
    if written.missing:
        names = ", ".join(say(f"report.section.{one}") for one in written.missing)
        show.tell(console, say("report.lacks", names=names), style="dim")
