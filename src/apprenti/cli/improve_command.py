"""apprenti improve: what helps a training, measured; and the validation curve of a setting."""

from pathlib import Path
from typing import Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Quiet, complete_run, complete_setting
from apprenti.language import say


def complete_remedy(incomplete: str) -> list[str]:
    """Complete a remedy, the last of several that are separated by commas."""
    from apprenti.improve.remedies import names

    before, comma, last = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in names() if name.startswith(last)]


def run(
    name: Annotated[
        str,
        typer.Argument(help=say("cli.improve.run"), metavar="RUN", autocompletion=complete_run),
    ] = "last",
    one: Annotated[
        str,
        typer.Option(
            help=say("cli.improve.one"), metavar="KEY=V1,V2", autocompletion=complete_setting
        ),
    ] = "",
    only: Annotated[
        str,
        typer.Option(help=say("cli.improve.only"), metavar="NAMES", autocompletion=complete_remedy),
    ] = "",
    pairs: Annotated[int, typer.Option(help=say("cli.improve.pairs"), min=3, max=1000)] = 8,
    minutes: Annotated[float, typer.Option(help=say("cli.improve.minutes"), min=0)] = 0,
    trials: Annotated[int, typer.Option(help=say("cli.improve.trials"), min=0)] = 0,
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.improve.picture"))
    ] = True,
    quiet: Quiet = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti.cli import show, show_improvement
    from apprenti.improve.training import Wishes
    from apprenti.project import load

    options = _given(one, only, pairs, minutes, trials)
    words = ("improve", *([] if name == "last" else [name]), *options)
    chosen = tuple(word.strip() for word in only.split(",") if word.strip())
    wishes = Wishes(pairs, minutes, trials, chosen, words)
    loaded = load(project)
    out = show.console(stderr=as_json)
    tell = show_improvement.curve if one else show_improvement.remedies
    content = tell(out, loaded, name, one, wishes, picture, quiet)
    if as_json:
        show.print_json(content)


def _given(one: str, only: str, pairs: int, minutes: float, trials: int) -> list[str]:
    """Return the options that were given, as they are given again."""
    said = {"--one": one, "--only": only, "--pairs": pairs if pairs != 8 else 0}
    said |= {"--minutes": f"{minutes:g}" if minutes else "", "--trials": trials}
    return [word for option, value in said.items() if value for word in (option, str(value))]
