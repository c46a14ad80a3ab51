"""apprenti compare: the same run in both frameworks and the baselines, side by side."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import (
    Again,
    Assignments,
    Json,
    Lang,
    ProjectFolder,
    Quiet,
    read_assignments,
)
from apprenti.language import say
from apprenti.model.catalogue import NETWORKS

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.evaluate.verdict import Verdict
    from apprenti.findings import Finding
    from apprenti.project import Project
    from apprenti.runs import Run


def run(
    assignments: Assignments = None,
    parity: Annotated[bool | None, typer.Option("--parity/--no-parity", hidden=True)] = None,
    again: Again = False,
    everything: Annotated[bool, typer.Option("--all", help=say("cli.compare.all"))] = False,
    quiet: Quiet = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs
    from apprenti.cli import leaderboard, show, show_data, show_runs
    from apprenti.diagnose.remembered import troubled
    from apprenti.evaluate.too_good import doubts
    from apprenti.evaluate.verdict import verdicts
    from apprenti.project import load
    from apprenti.train import curves
    from apprenti.train.comparison import contestants
    from apprenti.train.several import train_all

    overrides = read_assignments(assignments)
    if everything:
        leaderboard.run(project, overrides, again, as_json)
        return
    loaded = load(project, overrides)
    out = show.console(stderr=as_json)
    _tell_missing(out)
    with show.Bars(project, quiet) as bars:
        made = train_all(list(contestants(loaded)), bars, set(overrides), again)
    out.print()
    found = doubts(made, bars.serious, loaded)
    summaries = [runs.summary(run) for run in made]
    out.print(show.runs_table(summaries, say("cli.show.title"), crowned=not found))
    picture = curves.draw(made, loaded.folder / "curves.png")
    show.tell(out, say("cli.first_model.picture", path=picture))
    told = verdicts(made)
    _judge(out, made, told, bars.serious)
    content = _agreement(out, loaded, parity)
    show_data.doubts(out, found, project)
    wrong = troubled(made, loaded)
    if as_json:
        content |= {"diagnosis": [problem for one in wrong for problem in one.as_json()]}
        show.print_json({**_as_json(made, told, found), "picture": str(picture), **content})
    else:
        show_runs.tell_troubled(wrong, project)


def _as_json(
    made: list["Run"], told: list["Verdict"], found: list["Finding"]
) -> dict[str, list[Any]]:
    from apprenti import run_settings
    from apprenti.data.findings import words
    from apprenti.runs import read

    return {
        "runs": [run_settings.as_json(read(run)) for run in made],
        "verdicts": [one.as_json() for one in told],
        "findings": [words.as_json(one) for one in found],
    }


def _tell_missing(out: "Console") -> None:
    """Say which frameworks are not installed."""
    from apprenti import optional
    from apprenti.cli import show

    for name in NETWORKS:
        if optional.version(name) is None:
            words = say(f"words.framework_{name}")
            show.tell(out, say("cli.first_model.not_found", framework=words, extra=name))


def _judge(out: "Console", made: list[Any], told: list[Any], serious: "Sequence[Finding]") -> None:
    """Say in words whether each model beats the simple ones, with the interval of the gain."""
    from apprenti.cli import show, show_learned, show_ledger
    from apprenti.evaluate.verdict import diverged

    show_ledger.tell_selected(out, made)
    if serious:
        codes = ", ".join(dict.fromkeys(one.code for one in serious))
        show.tell(out, say("data.not_judged", codes=codes))
        return
    lost = [run.name for run in diverged(made)]
    of = {run.name: run for run in made}
    labels = {name: show.run_label(run.model, run.framework, run.task) for name, run in of.items()}
    if told or lost:
        out.print()
        show.tell(out, say("train.verdict.title"), style="bold")
    for one in told:
        show_learned.tell_verdict(out, one, of)
    for name in lost:
        show.tell(out, "· " + say("train.verdict.diverged", model=labels[name]))
    for name, auc in {one.run: one.auc for one in told if one.auc is not None}.items():
        show.tell(out, "· " + say("train.verdict.auc", model=labels[name], auc=auc))


def _agreement(out: "Console", project: "Project", asked: bool | None) -> dict[str, Any]:
    """Say by which command the frameworks are compared; do it where an old option asks for it."""
    from apprenti import optional
    from apprenti.cli import agree_command, show
    from apprenti.command_line import of_apprenti

    if asked is not None:
        show.tell(out, say("cli.compare.moved", option="--parity" if asked else "--no-parity"))
    if not all(map(optional.version, NETWORKS)):
        return {}
    if asked:
        return {"agreement": agree_command.measure(out, project)}
    show.tell(out, say("cli.compare.agree", command=of_apprenti("agree")))
    return {}
