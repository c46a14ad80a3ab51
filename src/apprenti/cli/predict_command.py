"""apprenti predict: what the model of a run says of new rows, images or texts."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Trust, complete_file, complete_run
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.predict.predictions import Predictions
    from apprenti.runs import Run


def run(
    name: Annotated[
        str,
        typer.Argument(
            help=say("cli.predict.run"),
            metavar=say("cli.metavar.run"),
            autocompletion=complete_run,
        ),
    ],
    given: Annotated[
        list[str],
        typer.Argument(
            help=say("cli.predict.file"),
            metavar=say("cli.metavar.file"),
            autocompletion=complete_file,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help=say("cli.predict.out"), metavar=say("cli.metavar.file"))
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.predict.force"))] = False,
    text: Annotated[bool, typer.Option("--text", help=say("cli.predict.text"))] = False,
    as_is: Annotated[bool, typer.Option("--as-is", help=say("cli.predict.as_is"))] = False,
    trust: Trust = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing
    from apprenti.cli import show
    from apprenti.cli.predicted import STREAM
    from apprenti.predict import new_rows, output

    found = listing.find(project / "runs", name)
    if out and str(out) != STREAM:
        output.check(out, new_rows.paths(given), project, force)
    if STREAM in given and sys.stdin.isatty():
        show.tell(show.console(stderr=True), say("predict.from_keyboard"))
    with show.Live(say("predict.label", name=found.name), 1) as live:
        predictions = new_rows.predict(found, given, live, trust, text, as_is)
    _tell(found, predictions, out, as_json)


def _tell(found: "Run", predictions: "Predictions", out: Path | None, as_json: bool) -> None:
    from apprenti.cli import predicted, show, show_drawings
    from apprenti.evaluate.new_rows import score
    from apprenti.predict import in_text, output

    streamed = str(out) == predicted.STREAM
    console = show.console(stderr=as_json or streamed)
    for note in predictions.notes:
        show.tell(console, f"! {note.told()}", style="yellow")
    picture = show_drawings.tell(console, found, predictions)
    measured = score(predictions)
    if out and not streamed:
        output.save(predictions, out)
    if as_json:
        told = predicted.as_json(predictions, measured, out, picture)
        show.print_json({"run": found.name, "number": found.number, **told})
    elif streamed:
        sys.stdout.buffer.write(in_text.as_text(predictions))
    else:
        console.print(predicted.table(predictions, console.width))
    if not as_json:
        for line in predicted.told(predictions, measured, out):
            show.tell(console, line)
