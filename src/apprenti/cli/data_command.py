"""apprenti data: describes the data of a project, and says what is wrong with them."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder
from apprenti.language import say


def run(
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.data.picture"))
    ] = True,
    read_as: Annotated[
        list[str], typer.Option("--as", help=say("cli.data.as"), metavar="COLUMN=KIND")
    ] = [],  # noqa: B006
    download: Annotated[bool, typer.Option("--download", help=say("cli.data.download"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show, show_data
    from apprenti.data.fetch import addresses
    from apprenti.data.look import look
    from apprenti.project import load

    loaded = load(project)
    if download:
        with show.downloading() as tell:
            addresses.download(loaded.choices.data.source, loaded.folder, tell)
        show_data.origin(show.console(stderr=True), loaded.choices.data.source, loaded.folder)
    looked = look(loaded.folder, loaded.choices, picture=picture, read_as=read_as)
    if as_json:
        show.print_json(looked.facts)
        return
    out, target = show.console(), str(looked.facts.get("target", ""))
    show_data.facts(out, looked.facts)
    show_data.findings(out, looked.findings, loaded.choices.data.muted, target)
    for path in looked.files:
        out.print(f"  {path}", markup=False)
