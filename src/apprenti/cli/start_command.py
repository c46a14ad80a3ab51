"""apprenti start: the guide's first model in both frameworks, from nothing."""

import os
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
    Quiet,
    check_framework,
    complete_framework,
    complete_source,
    from_here,
    read_assignments,
)
from apprenti.language import say
from apprenti.model.catalogue import NETWORKS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from apprenti.diagnose.remembered import Troubled
    from apprenti.evaluate.learned import Learned
    from apprenti.findings import Finding
    from apprenti.project import Project
    from apprenti.results import FirstModel
    from apprenti.runs import Run


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
    quiet: Quiet = False,
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import run_settings, runs, verbs
    from apprenti.cli import show
    from apprenti.data.findings import words
    from apprenti.diagnose.remembered import troubled
    from apprenti.evaluate.too_good import doubts
    from apprenti.new import first_model

    check_framework(framework, NETWORKS)
    overrides: dict[str, Any] = read_assignments(assignments)
    out = show.console(stderr=as_json, elsewhere=show.PAGE)
    directory = first_model.home(directory)
    _introduce(out, (framework,) if framework else NETWORKS)
    _prepare(out, directory, data)
    with show.Bars(directory, quiet) as bars:
        made = verbs.start(directory, framework=framework, again=again, audience=bars, **overrides)
    found = doubts([one.run for one in made.runs], bars.serious, made.project)
    wrong = troubled([one.run for one in made.runs], made.project)
    picture = _conclude(out, made, found, wrong)
    if as_json:
        told = [run_settings.as_json(runs.read(one.run)) for one in made.runs]
        where = {"project": str(made.project.folder), "picture": str(picture)}
        findings = [words.as_json(one) for one in found]
        diagnosis = [problem for one in wrong for problem in one.as_json()]
        show.print_json({**where, "runs": told, "findings": findings, "diagnosis": diagnosis})


def _introduce(out: "Console", wanted: tuple[str, ...]) -> None:
    """Say what this machine is, and which of the frameworks are there; refuse if there is none."""
    from apprenti import optional
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.train.record import machine

    show.tell(out, say("cli.first_model.title"), style="bold")
    show.tell(out, say("cli.first_model.machine", **machine()))
    versions = {name: optional.version(name) for name in wanted}
    words = {name: say(f"words.framework_{name}") for name in wanted}
    there = [f"{words[name]} {version}" for name, version in versions.items() if version]
    if there:
        show.tell(out, say("cli.first_model.found", names=", ".join(there)))
    for name in (name for name, version in versions.items() if not version):
        show.tell(out, say("cli.first_model.not_found", framework=words[name], extra=name))
    if not there:
        raise ApprentiError("framework_missing", framework=wanted[0], extra=wanted[0])


def _prepare(out: "Console", folder: Path, data: str) -> None:
    """Choose the data and make the project, saying which and where."""
    from apprenti.cli import show
    from apprenti.new import first_model

    with show.downloading() as tell:
        found = first_model.choose_data(data or None, folder, tell)
    show.tell(out, say(f"cli.first_model.data_{found.reason}", source=found.source))
    first_model.prepare(folder, found.source)
    from_here(folder)
    show.tell(out, say("cli.first_model.project", folder=folder))


def _conclude(
    out: "Console", made: "FirstModel", found: "Sequence[Finding]", wrong: "Sequence[Troubled]"
) -> Path:
    """Show what was learned, what makes it doubtful, and what to do next; return the picture."""
    from apprenti import runs
    from apprenti.cli import show, show_data, show_learned
    from apprenti.train import curves

    all_of_them = [one.run for one in made.runs]
    networks = [one for one in all_of_them if len(one.history) > 1]
    summaries = [runs.summary(one) for one in all_of_them]
    out.print()
    out.print(show.runs_table(summaries, say("cli.show.title"), short=True))
    show.tell(out, show.legend(summaries), style="dim")
    show_learned.tell_whether_better(out, all_of_them, made.learned)
    out.print()
    if made.learned and made.learned.examples:
        show_learned.tell(out, made.learned)
    elif networks:
        out.print(curves.sketch(networks, min(76, out.width)), markup=False)
    show_data.doubts(out, found, made.project.folder)
    show.tell(out, say("train.learned.test"))
    picture = made.save(made.project.folder / "first-model.png")
    show.tell(out, say("cli.first_model.picture", path=picture))
    _name_scripts(out, networks)
    if shutil.which("apprenti") is None:
        show.tell(out, say("cli.first_model.activate"))
        show.tell(out, f"  {_activation()}")
    show.tell(out, say("cli.first_model.next.title"), style="bold")
    for command, words in next_steps(made.project, made.learned, networks, wrong).items():
        line = f"  {command:<40} {words}".rstrip()
        show.tell(out, line if len(line) <= out.width else f"  {command}\n      {words}")
    return picture


def _name_scripts(out: "Console", networks: "list[Run]") -> None:
    """Say which scripts to read, and how long they are."""
    from apprenti.cli import show

    short = [one for one in networks if one.essential]
    if short:
        show.tell(out, say("cli.first_model.essential"))
    for one in short:
        lines = say("cli.first_model.lines", lines=one.essential_lines)
        show.tell(out, f"  {one.essential}  {lines}")


def next_steps(
    project: "Project",
    learned: "Learned | None",
    networks: "list[Run]",
    wrong: "Sequence[Troubled]" = (),
) -> "Mapping[str, str]":
    """Return the commands that are worth giving now, and what each does."""
    from apprenti.command_line import written
    from apprenti.listing import name_in_command
    from apprenti.train.next_change import words_to_try

    own = {}
    if learned and learned.examples:
        what = "digit" if project.choices.data.source in DIGITS else "image"
        run = name_in_command(learned.run)
        command = written("apprenti", "predict", run, say(f"cli.first_model.next.{what}"))
        own[command] = say(f"cli.first_model.next.own_{what}")
    shown = learned.run if learned else networks[-1] if networks else None
    taken = name_in_command(shown) if shown else "last"
    eject = written("apprenti", "eject", taken, say("cli.first_model.next.script"))
    change = words_to_try(shown) if shown else ("train", "--set", "hidden_units=64")
    usual = {
        "apprenti": say("cli.first_model.next.here"),
        written("apprenti", "agree"): say("cli.first_model.next.agree"),
    }
    return {
        written("cd", str(project.folder)): "",
        **own,
        # What is wrong, where something is, comes before what there is besides
        **(_diagnosis(shown, wrong) or usual),
        written("apprenti", *change): say("cli.first_model.next.train"),
        eject: say("cli.first_model.next.eject"),
    }


def _diagnosis(shown: "Run | None", wrong: "Sequence[Troubled]") -> dict[str, str]:
    """Return the command that says what is wrong with the run that is shown, or else another."""
    from apprenti.cli.show_runs import named
    from apprenti.command_line import written
    from apprenti.listing import name_in_command

    if not wrong:
        return {}
    one = next((each for each in wrong if each.run == shown), wrong[-1])
    command = written("apprenti", "diagnose", name_in_command(one.run))
    gravest = one._replace(problems=one.problems[:1])
    return {command: say("cli.first_model.next.diagnose", problem=named(gravest))}


DIGITS = ("mnist", "digits")


def _activation() -> str:
    """Return the command that makes the commands of this virtual environment known."""
    from apprenti.command_line import written

    if os.name == "nt":
        return written(str(Path(sys.prefix) / "Scripts" / "activate"))
    return written("source", str(Path(sys.prefix) / "bin" / "activate"))
