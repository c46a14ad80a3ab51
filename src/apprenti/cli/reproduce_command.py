"""apprenti reproduce: a recorded run is run again, and held against what was recorded."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Quiet, Trust, complete_run
from apprenti.language import say


def run(
    name: Annotated[
        str,
        typer.Argument(help=say("cli.reproduce.run"), metavar="RUN", autocompletion=complete_run),
    ] = "last",
    trust: Trust = False,
    quiet: Quiet = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing, verbs
    from apprenti.cli import show, show_reproduction
    from apprenti.project import load
    from apprenti.track.reproduce import DIFFERENT

    chosen = listing.find(load(project).runs_folder, name)
    with show.Bars(project, quiet) as bars:
        show_reproduction.tell_begin(bars, chosen)
        found = verbs.reproduce(chosen, project=project, trust=trust, audience=bars).found
    if as_json:
        show.print_json(found.as_json())
    else:
        show_reproduction.tell(show.console(), found)
    if found.outcome == DIFFERENT:
        raise typer.Exit(1)
