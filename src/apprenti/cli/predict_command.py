"""apprenti predict: what the model of a run says of new rows, images or texts."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Trust, complete_run
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.predict.new_rows import Answers

COLUMNS = ("row", "predicted", "confidence")
SHOWN = 20
"""Answers on the screen; all of them go into a file, or into the JSON object."""


def run(
    name: Annotated[
        str, typer.Argument(help=say("cli.predict.run"), metavar="RUN", autocompletion=complete_run)
    ],
    given: Annotated[str, typer.Argument(help=say("cli.predict.file"), metavar="FILE")],
    out: Annotated[
        Path | None, typer.Option(help=say("cli.predict.out"), metavar="FILE.csv")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help=say("cli.predict.force"))] = False,
    as_is: Annotated[bool, typer.Option("--as-is", help=say("cli.predict.as_is"))] = False,
    trust: Trust = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing, runs
    from apprenti.cli import show, show_drawings
    from apprenti.predict import new_rows

    found = listing.find(project / "runs", name)
    if out:
        _check_free(out, Path(given), project, force)
    with show.Live(say("predict.label", name=found.name), 1) as live:
        answers = new_rows.predict(found, given, live, trust, as_is)
    console = show.console(stderr=as_json)
    for note in answers.notes:
        show.tell(console, "! " + say(f"predict.{note.key}", **note.values), style="yellow")
    picture = show_drawings.tell(console, found, answers)
    if out:
        runs.save(out, _as_csv(answers.rows))
    if as_json:
        _print_json(found.name, answers, picture)
        return
    table = show.plain_table()
    # The probabilities of all classes go into the file and the JSON object
    columns = [name for name in COLUMNS if answers.rows and name in answers.rows[0]]
    for column in columns:
        table.add_column(say(f"predict.column.{column}"))
    for row in answers.rows[:SHOWN]:
        table.add_row(*(row[column] for column in columns))
    console.print(table)
    if len(answers.rows) > SHOWN:
        show.tell(console, say("predict.more", count=len(answers.rows) - SHOWN))
    if out:
        show.tell(console, say("predict.written", path=out))


def _print_json(run: str, answers: "Answers", picture: Path | None) -> None:
    from apprenti.cli import show, show_drawings

    notes = [{"code": note.key, **note.values} for note in answers.notes]
    drawn = show_drawings.as_json(answers.drawn)
    told = {"drawings": drawn, "picture": str(picture)} if drawn else {}
    show.print_json({"run": run, "answers": answers.rows, "notes": notes, **told})


def _check_free(out: Path, given: Path, project: Path, force: bool) -> None:
    """Refuse to write answers over what is there, and ever over what a project is made of."""
    from apprenti.errors import ApprentiError
    from apprenti.outside import real
    from apprenti.project import FILE

    place = real(out)
    own = real(project / "runs") in place.parents or place == real(project / FILE)
    if own or place == real(given.expanduser()) or (out.exists() and not out.is_file()):
        raise ApprentiError("out_refused", path=out)
    if out.exists() and not force:
        raise ApprentiError("out_exists", path=out)


def _as_csv(rows: list[dict[str, str]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]) if rows else ["row"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
