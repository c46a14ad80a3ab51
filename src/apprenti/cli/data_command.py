"""apprenti data: describes the data of a project, and says what is wrong with them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from apprenti.cli.options import (
    Json,
    Lang,
    ProjectFolder,
    columns,
    complete_column,
    last_seen,
)
from apprenti.language import say


def complete_finding(ctx: typer.Context, incomplete: str) -> list[str]:
    return [code for code in last_seen(ctx, "findings", "code") if code.startswith(incomplete)]


def complete_reading(ctx: typer.Context, incomplete: str) -> list[str]:
    """Complete COLUMN=KIND."""
    from apprenti.data.kinds.written import KINDS

    name, equals, begun = incomplete.partition("=")
    if not equals:
        return [f"{one}=" for one in columns(ctx) if one.startswith(incomplete)]
    return [f"{name}={kind}" for kind in KINDS if kind.startswith(begun)]


def _option(name: str, metavar: str, complete: Any = None) -> Any:
    text = say(f"cli.data.{name}")
    return typer.Option(f"--{name}", help=text, metavar=metavar, autocompletion=complete)


def run(
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.data.picture"))
    ] = True,
    read_as: Annotated[list[str], _option("as", "COLUMN=KIND", complete_reading)] = [],  # noqa: B006
    download: Annotated[bool, typer.Option("--download", help=say("cli.data.download"))] = False,
    ignore: Annotated[list[str], _option("ignore", "COLUMN,…", complete_column)] = [],  # noqa: B006
    use: Annotated[list[str], _option("use", "COLUMN,…", complete_column)] = [],  # noqa: B006
    mute: Annotated[list[str], _option("mute", "CODE", complete_finding)] = [],  # noqa: B006
    unmute: Annotated[list[str], _option("unmute", "CODE", complete_finding)] = [],  # noqa: B006
    because: Annotated[str, _option("because", "TEXT")] = "",
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show, show_data
    from apprenti.cli.set_command import changed
    from apprenti.data.fetch import addresses
    from apprenti.data.look import look
    from apprenti.new import mend
    from apprenti.project import load

    mended = {"ignore": ignore, "use": use, "mute": mute, "unmute": unmute}
    changes = mend.change(project, **mended, because=because, read_as=read_as)
    if changes and not as_json:
        changed(show.console(), changes)
    loaded = load(project)
    if download:
        with show.downloading() as tell:
            addresses.download(loaded.choices.data.source, loaded.folder, tell)
        show_data.origin(show.console(stderr=True), loaded.choices.data.source, loaded.folder)
    looked = look(loaded.folder, loaded.choices, picture=picture, read_as=read_as)
    if as_json:
        drawn = next((str(path) for path in looked.files if path.suffix == ".png"), None)
        told = {"picture": drawn, "changes": [one._asdict() for one in changes]}
        show.print_json({**looked.facts, **told})
        return
    out, target = show.console(), str(looked.facts.get("target", ""))
    show_data.facts(out, looked.facts)
    show_data.findings(out, looked.findings, loaded.choices.data.muted, target, project)
    for path in looked.files:
        out.print(f"  {path}", markup=False)
