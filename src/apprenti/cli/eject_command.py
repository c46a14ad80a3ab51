"""apprenti eject: the script (or notebook) of a run and its requirements, nothing of Apprenti."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_run
from apprenti.language import say


def run(
    name: Annotated[
        str,
        typer.Argument(
            help=say("cli.eject.run"), metavar=say("cli.metavar.run"), autocompletion=complete_run
        ),
    ],
    destination: Annotated[Path, typer.Argument(help=say("cli.eject.dest"), metavar="DEST")],
    essential: Annotated[
        bool, typer.Option("--essential", help=say("cli.eject.essential"))
    ] = False,
    notebook: Annotated[bool, typer.Option("--notebook", help=say("cli.eject.notebook"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing
    from apprenti.cli import show
    from apprenti.export.eject import eject

    found = listing.find(project / "runs", name)
    ejected = eject(found, destination, essential=essential, notebook=notebook)
    if as_json:
        files = [str(path) for path in ejected.files]
        show.print_json({"run": found.name, "files": files, "data": ejected.data or None})
        return
    out = show.console()
    for path in ejected.files:
        out.print(f"  {path}", markup=False)
    how = "export.how_notebook" if notebook else "export.how"
    show.tell(out, say(how, program=ejected.files[0].name, folder=destination))
    if ejected.data:
        key = "export.data_images" if found.choices["data"].get("image") else "export.data"
        show.tell(out, say(key, data=ejected.data))
