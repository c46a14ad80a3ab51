"""apprenti train: one run, from the settings or a script, or the rest of a stopped one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import (
    Assignments,
    Framework,
    Json,
    Lang,
    ProjectFolder,
    Quiet,
    TimeLimit,
    Trust,
    check_framework,
    complete_run,
    read_assignments,
)
from apprenti.language import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from apprenti.evaluate.cross_validated import CrossValidated
    from apprenti.findings import Finding
    from apprenti.runs import Run


Folds = Annotated[
    int, typer.Option(help=say("cli.train.folds"), min=0, metavar="K", show_default=False)
]


def run(
    script: Annotated[
        Path | None,
        typer.Argument(help=say("cli.train.script"), metavar="SCRIPT", show_default=False),
    ] = None,
    framework: Framework = "",
    assignments: Assignments = None,
    resume: Annotated[
        str,
        typer.Option(
            help=say("cli.train.resume"),
            metavar=say("cli.metavar.run"),
            autocompletion=complete_run,
        ),
    ] = "",
    trust: Trust = False,
    folds: Folds = 0,
    time_limit: TimeLimit = 0,
    quiet: Quiet = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import standing, verbs
    from apprenti.cli import show
    from apprenti.model.catalogue import FRAMEWORKS

    check_framework(framework, FRAMEWORKS)
    settings = read_assignments(assignments)
    if framework:
        settings["train.framework"] = framework
    with show.Bars(project, quiet) as bars:
        made = verbs.train(
            project,
            script=script,
            resume=resume,
            trust=trust,
            folds=folds,
            time_limit=time_limit,
            audience=bars,
            **settings,
        ).run
    serious = standing.serious(project) if resume else bars.serious
    _conclude(made, project, serious, as_json)


def _conclude(made: "Run", project: Path, serious: "list[Finding]", as_json: bool) -> None:
    """Tell what came of a run, and whether its score can be believed."""
    from apprenti import run_settings, runs
    from apprenti.cli import show, show_data, show_folds, show_ledger, show_runs
    from apprenti.data.findings import words
    from apprenti.diagnose.remembered import troubled
    from apprenti.evaluate import cross_validated
    from apprenti.evaluate.too_good import doubts
    from apprenti.project import load

    loaded = load(project)
    found, wrong = doubts([made], serious, loaded), troubled([made], loaded)
    folds = cross_validated.read(made)
    drawn = show_folds.draw(folds)
    if as_json:
        told: dict[str, Any] = {"findings": [*map(words.as_json, found)]}
        told["diagnosis"] = [problem for one in wrong for problem in one.as_json()]
        told["folds"] = show_folds.as_json(folds, drawn)
        show.print_json({"runs": [run_settings.as_json(runs.read(made))], **told})
        return
    _tell(made, folds, drawn)
    show_ledger.tell_selected(show.console(), [made])
    show_data.doubts(show.console(), found, project)
    show_runs.tell_troubled(wrong, project)


def _tell(made: "Run", folds: "CrossValidated | None", drawn: Path | None) -> None:
    """Print what came of a run and of its folds, and what it left."""
    from apprenti import runs
    from apprenti.cli import show, show_folds
    from apprenti.train.reuse import find_twin

    out = show.console()
    read = runs.read(made)
    out.print(show.runs_table([read.summary()], made.name))
    if words := show.ending(read):
        show.tell(out, words)
    if made.status == runs.INTERRUPTED:
        show.tell(out, say("runs.resume", name=made.name))
    if folds:
        show_folds.tell(folds, out, drawn)
        out.print()
    show.tell(out, say("train.done", folder=made.folder))
    if twin := find_twin(made):
        show.tell(out, say("train.twin", run=twin.name))
    if made.essential:
        show.tell(out, say("train.essential", lines=made.essential_lines))
    show.tell(out, say("train.left"))
    _advise(out, made)


def _like(made: "Run", before: "Sequence[Run]") -> "Run":
    """Return the latest run of the same model; where there is none, one that learns; else any."""
    same = [run for run in before if (run.model, run.framework) == (made.model, made.framework)]
    learning = [run for run in before if run.model != "trivial"]
    return (same or learning or [*before])[-1]


def _advise(out: "Console", made: "Run") -> None:
    """Print what is worth doing after a run: another one, and the two side by side."""
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.command_line import of_apprenti
    from apprenti.train.next_change import words_to_try

    show.tell(out, say("train.next"))
    show.tell(out, f"  {of_apprenti(*words_to_try(made))}")
    before = [run for run in runs.all_runs(made.folder.parent) if run != made]
    if before:
        names = runs.short_names([_like(made, before), made]).values()
        show.tell(out, say("train.side_by_side"))
        show.tell(out, f"  {of_apprenti('runs', 'compare', *names)}")
