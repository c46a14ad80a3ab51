"""apprenti evaluate: opens the test set for a run, which the ledger records."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Trust, complete_column, complete_run
from apprenti.errors import ApprentiError
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.runs import Run


def run(
    name: Annotated[
        str | None,
        typer.Argument(help=say("cli.evaluate.run"), metavar="RUN", autocompletion=complete_run),
    ] = None,
    ledger: Annotated[bool, typer.Option("--ledger", help=say("cli.evaluate.ledger"))] = False,
    cost: Annotated[
        str,
        typer.Option(help=say("cli.evaluate.cost"), metavar="missed=10,false_alarm=1"),
    ] = "",
    positive: Annotated[
        str | None, typer.Option(help=say("cli.evaluate.positive"), metavar="CLASS")
    ] = None,
    sensitive: Annotated[
        list[str] | None,
        typer.Option(
            "--sensitive",
            help=say("cli.evaluate.sensitive"),
            metavar="COLUMN",
            autocompletion=complete_column,
        ),
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", help=say("cli.evaluate.by"), metavar="NAME")
    ] = None,
    worst: Annotated[int, typer.Option(help=say("cli.evaluate.worst"), min=0)] = 5,
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.evaluate.picture"))
    ] = True,
    trust: Trust = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing
    from apprenti.project import load

    if ledger:
        if name or cost or sensitive or positive is not None or by is not None:
            raise ApprentiError("ledger_alone")
        _ledger(project, as_json)
        return
    found = listing.find(load(project).runs_folder, name or "best")
    given = Given(cost, positive, tuple(sensitive or ()), by, worst, trust)
    _evaluate(found, name is None, given, picture, as_json)


class Given(NamedTuple):
    """What the options say of the evaluation."""

    cost: str
    positive: str | None
    sensitive: tuple[str, ...]
    by: str | None
    worst: int
    trust: bool


def _evaluate(run: "Run", is_best: bool, given: Given, picture: bool, as_json: bool) -> None:
    """Open the test set for a run, draw what is found, and tell it."""
    from apprenti import ledger
    from apprenti.cli import show, show_ledger, show_test_set
    from apprenti.evaluate import costs, fairness, opening
    from apprenti.evaluate.run_data import opened_once
    from apprenti.evaluate.test_set import open_test_set
    from apprenti.runs import short_names

    stated = costs.parse(given.cost) if given.cost else None
    # What is checked first and what is looked up later is the same data
    with opened_once():
        opening.check(run, given.trust)
        if given.sensitive:
            fairness.check(run, given.sensitive)
        out = show.console(stderr=as_json)
        if is_best:
            show.tell(out, say("test_set.best", run=short_names([run])[run], name=run.name))
        show_test_set.tell_beginning(out, ledger.read(run.folder.parent.parent))
        with show.console(stderr=True).status(say("test_set.at_work")):
            found = open_test_set(
                run,
                costs=stated,
                positive=given.positive,
                sensitive=given.sensitive,
                by=given.by,
                trusted=given.trust,
                worst=given.worst,
            )
            drawn = show.drawn(found.draw, run.folder) if picture else []
    if as_json:
        told = {"troubles": show_ledger.troubles_as_json(found.there)}
        show.print_json({**found.as_json(), **told, "pictures": [str(path) for path in drawn]})
        return
    show_test_set.tell(found, out, drawn)


def _ledger(project: Path, as_json: bool) -> None:
    """Show the ledger; nothing is opened."""
    from apprenti import ledger
    from apprenti.cli import show, show_ledger
    from apprenti.project import load

    found = ledger.read(load(project).folder)
    if as_json:
        show.print_json(show_ledger.as_json(found, project))
    else:
        show_ledger.tell(show.console(), found, project)
