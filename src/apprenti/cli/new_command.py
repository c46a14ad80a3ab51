"""apprenti new: a project, with a commented apprenti.toml."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, complete_source
from apprenti.language import say


def run(
    directory: Annotated[Path, typer.Argument(help=say("cli.new.dir"), metavar="DIR")],
    data: Annotated[
        str,
        typer.Option(help=say("cli.new.data"), metavar="SOURCE", autocompletion=complete_source),
    ],
    target: Annotated[str, typer.Option(help=say("cli.new.target"), metavar="COLUMN")] = "",
    download: Annotated[bool, typer.Option("--download", help=say("cli.new.download"))] = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show
    from apprenti.data import known
    from apprenti.data.sources import open_source
    from apprenti.train.template import write_project

    if download and data in known.KNOWN and known.on_disk(data) is None:
        with show.downloading() as tell:
            known.download(data, tell)
    project = write_project(directory, data, target or None)
    source = open_source(project.choices.data, project.folder)
    facts = {"rows": source.rows, "shape": list(source.shape), "classes": source.classes}
    if as_json:
        show.print_json({"project": str(directory), "source": project.choices.data.source, **facts})
        return
    out = show.console()
    facts["shape"] = " × ".join(str(size) for size in source.shape)
    key = f"made_{source.task}" if source.table else "made"
    facts |= {"columns": source.shape[0], "target": project.choices.data.target}
    show.tell(out, say(f"new.{key}", folder=directory, source=data, **facts))
    show.tell(out, say("new.next", folder=directory))
