"""apprenti diagnose: what is wrong with a training, and what to try."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_run
from apprenti.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from apprenti.diagnose import Diagnosis
    from apprenti.findings import Finding
    from apprenti.runs import Run


def run(
    name: Annotated[
        str,
        typer.Argument(help=say("cli.diagnose.run"), metavar="RUN", autocompletion=complete_run),
    ] = "last",
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.diagnose.picture"))
    ] = True,
    learning_curve: Annotated[
        bool,
        typer.Option("--learning-curve", help=say("cli.diagnose.learning_curve")),
    ] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing
    from apprenti.cli import show
    from apprenti.diagnose import diagnose, marked_curve
    from apprenti.project import load

    chosen = listing.find(load(project).runs_folder, name)
    if learning_curve:
        _learn_more(chosen, picture, as_json)
        return
    found = diagnose(chosen)
    made: list[Path] = []
    if picture and found.evidence.in_epochs:
        made = show.drawn(lambda folder: [marked_curve.draw(found, folder)], found.run.folder)
    drawn = next(iter(made), None)
    if as_json:
        show.print_json({**found.as_json(), "picture": str(drawn) if drawn else None})
        return
    _tell(show.console(), found, project, drawn)


def _learn_more(chosen: "Run", picture: bool, as_json: bool) -> None:
    """Train on growing parts of the rows, and tell whether more rows would help."""
    from apprenti.cli import show, show_learning_curve
    from apprenti.diagnose import learning_curve_picture
    from apprenti.diagnose.learning_curve import learning_curve

    out = show.console(stderr=True)
    with out.status(say("diagnose.learning_curve.begins")) as status:

        def told(done: int, of: int) -> None:
            status.update(say("diagnose.learning_curve.at_work", done=done, of=of))

        found = learning_curve(chosen, on_trial=told)
    made: list[Path] = []
    if picture:
        made = show.drawn(lambda path: [learning_curve_picture.draw(found, path)], chosen.folder)
    drawn = next(iter(made), None)
    if as_json:
        show.print_json({**found.as_json(), "picture": str(drawn) if drawn else None})
        return
    show_learning_curve.tell(found, show.console(), drawn)


def _tell(out: "Console", found: "Diagnosis", project: Path, drawn: Path | None) -> None:
    from apprenti.cli import show, show_data
    from apprenti.runs import short_names

    run = found.run
    label = show.run_label(run.model, run.framework, run.task)
    called = short_names([run])[run]
    show.tell(out, say("diagnose.title", run=called, model=label), style="bold")
    out.print()
    for one in found.found:
        show_data.in_full(out, one, project)
        out.print()
    if found.is_healthy:
        show.tell(out, "✓ " + say("diagnose.healthy"), style="green")
    _tell_others(out, found.answers)
    if drawn:
        show.tell(out, say("cli.first_model.picture", path=drawn))


def _tell_others(out: "Console", answers: "Sequence[Finding]") -> None:
    """Name the questions of which nothing was found, and why some were not asked."""
    from apprenti.cli import show
    from apprenti.findings import MUTED, NOT_APPLICABLE, PASSED

    passed = [_name(one.code) for one in answers if one.outcome == PASSED]
    if passed:
        show.tell(out, say("diagnose.passed", names=", ".join(passed)), style="dim")
    why: dict[str, list[str]] = {}
    for one in answers:
        if one.outcome == NOT_APPLICABLE:
            reason = say(f"diagnose.why_not.{one.sentence}", **one.values)
            why.setdefault(reason, []).append(_name(one.code))
    for reason, names in why.items():
        words = say("diagnose.not_asked", names=", ".join(names), why=reason)
        show.tell(out, words, style="dim")
    muted = [_name(one.code) for one in answers if one.outcome == MUTED]
    if muted:
        show.tell(out, say("diagnose.muted", names=", ".join(muted)), style="dim")


def _name(code: str) -> str:
    return f"{say(f'findings.{code}.name')} ({code})"
