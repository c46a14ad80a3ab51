"""apprenti start: the guide's first model in both frameworks, from nothing."""

import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import (
    Again,
    Assignments,
    Json,
    Lang,
    check_framework,
    complete_framework,
    complete_source,
    read_assignments,
)
from apprenti.language import say
from apprenti.model.catalogue import NETWORKS

if TYPE_CHECKING:
    from rich.console import Console


def run(
    directory: Annotated[
        Path, typer.Option("--dir", help=say("cli.start.dir"), metavar="DIR")
    ] = Path("first-model"),
    data: Annotated[
        str,
        typer.Option(help=say("cli.start.data"), metavar="SOURCE", autocompletion=complete_source),
    ] = "",
    framework: Annotated[
        str,
        typer.Option(
            help=say("cli.start.framework"), metavar="NAME", autocompletion=complete_framework
        ),
    ] = "",
    assignments: Assignments = None,
    again: Again = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import optional, runs
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.new import first_model
    from apprenti.train.comparison import contestants
    from apprenti.train.several import train_all

    check_framework(framework, NETWORKS)
    wanted = (framework,) if framework else NETWORKS
    overrides = read_assignments(assignments)
    out = show.console(stderr=as_json)
    _introduce(out, wanted)
    if not any(optional.version(name) for name in wanted):
        raise ApprentiError("framework_missing", framework=wanted[0], extra=wanted[0])
    with show.downloading() as tell:
        found = first_model.choose_data(data or None, directory, tell)
    show.tell(out, say(f"cli.first_model.data_{found.reason}", source=found.source))
    first_model.prepare(directory, found.source)
    project = first_model.reload(directory, overrides)
    show.tell(out, say("cli.first_model.project", folder=directory))
    with show.Bars(directory) as bars:
        made = train_all(list(contestants(project, wanted)), bars, set(overrides), again)
    _conclude(out, project.folder, made)
    if as_json:
        told = [runs.summary(run) for run in made]
        show.print_json({"project": str(project.folder), "runs": told})


def _introduce(out: "Console", wanted: tuple[str, ...]) -> None:
    from apprenti import optional
    from apprenti.cli import show
    from apprenti.train.record import machine

    facts = machine()
    show.tell(out, say("cli.first_model.title"), style="bold")
    show.tell(out, say("cli.first_model.machine", **facts))
    for name in wanted:
        found = optional.version(name)
        key = "cli.first_model.found" if found else "cli.first_model.not_found"
        words = say(f"words.framework_{name}")
        show.tell(out, say(key, framework=words, version=found, extra=name))


def _conclude(out: "Console", folder: Path, made: list[Any]) -> None:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.train import curves

    networks = [run for run in made if len(run.history) > 1]
    out.print()
    out.print(show.runs_table([runs.summary(run) for run in made], say("cli.show.title")))
    out.print()
    if networks:
        out.print(curves.sketch(networks), markup=False)
        out.print()
    picture = curves.draw(made, folder / "curves.png")
    show.tell(out, say("cli.first_model.picture", path=picture))
    for run in networks:
        framework = say(f"words.framework_{run.framework}")
        if run.essential:
            values = {"lines": run.essential_lines, "path": run.essential}
            show.tell(out, say("cli.first_model.essential", framework=framework, **values))
        show.tell(out, say("cli.first_model.script", framework=framework, path=run.script))
    out.print()
    if shutil.which("apprenti") is None:
        show.tell(out, say("cli.first_model.activate", command=_activation()))
    show.tell(out, say("cli.first_model.next", folder=folder))


def _activation() -> str:
    """Return the command that makes the commands of this virtual environment known."""
    if os.name == "nt":
        return str(Path(sys.prefix) / "Scripts" / "activate")
    return f"source {shlex.quote(str(Path(sys.prefix) / 'bin' / 'activate'))}"
