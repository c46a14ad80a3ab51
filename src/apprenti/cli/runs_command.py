"""apprenti runs: lists, shows, compares, notes, renames, deletes and restores runs."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_order, complete_run
from apprenti.command_line import written
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.diagnose.remembered import Troubled
    from apprenti.evaluate.evaluation import Evaluation
    from apprenti.runs import Run, RunFacts

NEWEST = 30
"""So many runs are listed on the screen; all of them in JSON."""


def _names(text: str) -> Any:
    return typer.Argument(
        help=say(f"cli.runs.{text}"),
        metavar=say("cli.metavar.run"),
        autocompletion=complete_run,
        show_default=False,
    )


One = Annotated[str, _names("one")]
Several = Annotated[list[str], _names("several")]
All = Annotated[bool, typer.Option("--all", help=say("cli.runs.all"))]
Sort = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help=say("cli.runs.sort"),
        autocompletion=complete_order,
        show_default=False,
    ),
]
Reverse = Annotated[bool, typer.Option("--reverse", help=say("cli.runs.reverse"))]
Worst = Annotated[int, typer.Option("--mistakes", min=0, max=1000, help=say("cli.runs.mistakes"))]
Picture = Annotated[bool, typer.Option(help=say("cli.runs.picture"))]
Diff = Annotated[bool, typer.Option("--diff", help=say("cli.runs.diff"))]


def list_runs(
    every: All = False,
    sort: Sort = "",
    reverse: Reverse = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs

    with runs.LISTED.kept(), runs.IDENTITIES.kept():
        _tell_all(every, sort, reverse, project, as_json)


def _tell_all(every: bool, sort: str, reverse: bool, project: Path, as_json: bool) -> None:
    from apprenti import listing, run_settings, runs
    from apprenti.cli import show, show_runs
    from apprenti.train.settle import read_all

    there = runs.all_runs(_folder(project))
    if sort or reverse:
        found = listing.in_order(read_all(there), sort or listing.BY_TIME, reverse)
        shown = found if every or as_json else found[:NEWEST]
    else:
        shown = read_all(there if every or as_json else there[-NEWEST:])
    troubled = _troubled(project, [facts.run for facts in shown if not facts.damage])
    if as_json:
        told = [problem for one in troubled for problem in one.as_json()]
        runs_told = [run_settings.as_json(facts) for facts in shown]
        show.print_json({"runs": runs_told, "diagnosis": told})
    else:
        show_runs.tell_list(shown, len(there) - len(shown), bool(sort or reverse))
        _tell_of_data(project, shown)
        show_runs.tell_troubled(troubled, project)
        _tell_best(project, shown)


def show_run(
    name: One,
    worst: Worst = 5,
    picture: Picture = True,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import run_settings
    from apprenti.cli import show, show_folds, show_runs, show_test_set
    from apprenti.evaluate import cross_validated
    from apprenti.evaluate.evaluation import evaluate
    from apprenti.track import reproduce
    from apprenti.train.settle import read_all

    (found,) = _found(project, [name])
    (facts,) = read_all([found])
    with show.console(stderr=True).status(say("evaluate.at_work")):
        evaluation = None if facts.damage else evaluate(found, worst)
        drawn = show.drawn(evaluation.draw, found.folder) if evaluation and picture else []
        folds = None if facts.damage else cross_validated.read(found)
        of_folds = show_folds.draw(folds, picture)
    troubled = _troubled(project, [] if facts.damage else [found])
    if not as_json:
        _show_one(found, evaluation, drawn)
        if folds:
            show_folds.tell(folds, show.console(), of_folds)
        show_runs.tell_troubled(troubled, project)
        return
    told = evaluation.as_json() if evaluation else None
    judged = {"evaluation": told, "pictures": [str(path) for path in drawn]}
    judged["folds"] = show_folds.as_json(folds, of_folds)
    again = None if facts.damage else reproduce.read(found)
    judged["reproduced"] = again.as_json() if again else None
    judged["test"] = None if facts.damage else show_test_set.in_short(found)
    diagnosis = [problem for one in troubled for problem in one.as_json()]
    show.print_json({"runs": [{**run_settings.as_json(facts), **judged}], "diagnosis": diagnosis})


def compare_runs(
    names: Several,
    diff: Diff = False,
    picture: Picture = True,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import run_settings
    from apprenti.cli import show, show_runs
    from apprenti.evaluate import side_by_side

    chosen = _found(project, names)
    with show.console(stderr=True).status(say("evaluate.at_work")):
        found = side_by_side.side_by_side(chosen)
        drawn = (
            show.drawn(lambda folder: [side_by_side.draw(found, folder)], project)
            if picture
            else []
        )
    path = next(iter(drawn), None)
    if as_json:
        runs = [run_settings.as_json(facts) for facts in found.facts]
        show.print_json({"runs": runs, **found.as_json(), "picture": str(path) if path else None})
    else:
        show_runs.tell_side_by_side(found, path, diff)


def note_run(
    name: One,
    text: Annotated[str, typer.Argument(help=say("cli.runs.text"), metavar="TEXT")],
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    _note([name], text, project, as_json)


def rename_run(
    name: One,
    new_name: Annotated[str, typer.Argument(help=say("cli.runs.new_name"), metavar="NAME")],
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs

    (found,) = _found(project, [name])
    _tell_runs([runs.rename(found, new_name)], as_json)


def stop_run(
    name: One, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    from apprenti.train.stop import stop

    (found,) = _found(project, [name])
    stop(found)
    _tell_runs([found], as_json)


def delete_runs(
    names: Several, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    from apprenti import runs
    from apprenti.cli import show

    found = _found(project, names)
    for one in found:
        runs.delete(one)
        if not as_json:
            show.tell(show.console(), say("runs.deleted", name=one.name))
    if as_json:
        show.print_json({"deleted": [one.name for one in found]})


def restore_runs(
    names: Several, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    from apprenti import runs

    folder = _folder(project)
    _tell_runs([runs.restore(folder, name) for name in names], as_json)


def old_form(
    names: Annotated[list[str] | None, _names("several")] = None,
    every: All = False,
    sort: Sort = "",
    reverse: Reverse = False,
    note: Annotated[str | None, typer.Option(metavar="TEXT", hidden=True)] = None,
    rename: Annotated[str, typer.Option(metavar="NAME", hidden=True)] = "",
    delete: Annotated[bool, typer.Option("--delete", hidden=True)] = False,
    restore: Annotated[bool, typer.Option("--restore", hidden=True)] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    """Do what `apprenti runs` alone means, and what it meant in version 0.1.0."""
    from apprenti.errors import ApprentiError

    given = names or []
    changes = [note is not None, bool(rename), delete, restore]
    if (any(changes) and not given) or sum(changes) > 1 or (rename and len(given) != 1):
        raise ApprentiError("runs_usage")
    if not given:
        list_runs(every, sort, reverse, project, as_json)
    elif delete:
        delete_runs(given, project, as_json)
    elif restore:
        restore_runs(given, project, as_json)
    elif rename:
        rename_run(given[0], rename, project, as_json)
    elif note is not None:
        _note(given, note, project, as_json)
    elif len(given) == 1:
        show_run(given[0], project=project, as_json=as_json)
    else:
        compare_runs(given, project=project, as_json=as_json)


COMMANDS: Mapping[str, Callable[..., None]] = {
    "list": list_runs,
    "show": show_run,
    "compare": compare_runs,
    "note": note_run,
    "rename": rename_run,
    "stop": stop_run,
    "delete": delete_runs,
    "restore": restore_runs,
}
WITHOUT = ("list", old_form)
"""What is done where none of these is named, and whose usage is shown."""


def _folder(project: Path) -> Path:
    from apprenti.errors import ApprentiError
    from apprenti.project import FILE

    if not (project / FILE).exists():
        raise ApprentiError("no_project", folder=project)
    return project / "runs"


def _tell_of_data(project: Path, listed: list["RunFacts"]) -> None:
    """Say what is seriously wrong with the data, and which runs had other settings of the data."""
    from apprenti.cli import show, show_data
    from apprenti.cli.show_runs import MOST_NAMED
    from apprenti.errors import ApprentiError
    from apprenti.project import load
    from apprenti.runs import short_names
    from apprenti.standing import of_other_data, serious

    out = show.console()
    try:
        others = [*short_names(one.run for one in of_other_data(listed, load(project))).values()]
        show_data.standing(out, serious(project), project)
    except ApprentiError:  # runs are listed whatever apprenti.toml says
        return
    if others:
        named = ", ".join(others[:MOST_NAMED]) + ("…" if len(others) > MOST_NAMED else "")
        show.tell(out, say("runs.other_data", count=len(others), names=named), style="yellow")


def _troubled(project: Path, listed: list["Run"]) -> list["Troubled"]:
    """Return those of these runs with which something is wrong, where that can be said."""
    from apprenti.diagnose.remembered import troubled
    from apprenti.errors import ApprentiError
    from apprenti.project import load

    try:
        return troubled(listed, load(project))
    except ApprentiError:  # runs are listed whatever apprenti.toml says
        return []


def _tell_best(project: Path, listed: list["RunFacts"]) -> None:
    """Say which of the runs is the best, where that can be said."""
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.evaluate.too_good import doubts
    from apprenti.listing import best_of
    from apprenti.project import load
    from apprenti.runs import FINISHED, short_names
    from apprenti.standing import serious

    finished = [facts for facts in listed if facts.status == FINISHED]
    found = best_of(finished) if len(finished) > 1 else None
    try:
        if found is None or doubts([found.run], serious(project), load(project)):
            return
    except ApprentiError:
        return
    called = short_names([found.run])[found.run]
    score, measure = found.measure.written(found.value), say(f"words.{found.measure.name}")
    show.tell(show.console(), say("runs.best", run=called, score=score, measure=measure))
    show.commands(show.console(), [written("apprenti", "runs", "show", called)], project)


def _found(project: Path, names: list[str]) -> list["Run"]:
    from apprenti import listing

    folder = _folder(project)
    return [listing.find(folder, name) for name in names]


def _note(names: list[str], text: str, project: Path, as_json: bool) -> None:
    from apprenti import runs

    found = _found(project, names)
    for one in found:
        runs.set_note(one, text)
    _tell_runs(found, as_json)


def _tell_runs(chosen: list["Run"], as_json: bool) -> None:
    """Show runs that were changed just now: one by its facts, several as a list."""
    from apprenti import run_settings
    from apprenti.cli import show, show_runs
    from apprenti.train.settle import read_all

    if as_json:
        show.print_json({"runs": [run_settings.as_json(facts) for facts in read_all(chosen)]})
    elif len(chosen) == 1:
        _show_one(chosen[0])
    else:
        show_runs.tell_list(read_all(chosen), 0, is_sorted=False)


def _show_one(
    one: "Run", evaluation: "Evaluation | None" = None, drawn: Sequence[Path] = ()
) -> None:
    from apprenti import runs
    from apprenti.cli import show, show_evaluation, show_reproduction, show_test_set
    from apprenti.track import reproduce
    from apprenti.train import record

    out = show.console()
    read = runs.read(one)
    out.print(show.runs_table([read.summary()], one.name))
    facts, number = one.environment, one.number
    status, started = show.status(one.status), facts.get("started", "?")
    told = say("runs.facts", status=status, started=started)
    show.tell(out, f"{say('runs.number', number=number)} {told}" if number else told)
    if words := show.ending(read):
        show.tell(out, words)
    if one.note:
        show.tell(out, say("runs.note", note=one.note))
    show_test_set.tell_in_short(out, one)
    if evaluation:
        show_evaluation.tell(evaluation, out)
        out.print()
        for path in drawn:
            show.tell(out, say("runs.picture", path=path))
    names = sorted(entry.name for entry in one.folder.glob("[!.]*"))
    show.tell(out, say("runs.files", folder=one.folder, names=", ".join(names)))
    if again := reproduce.read(one):
        show_reproduction.tell_shortly(out, again)
    if one.status in (runs.INTERRUPTED, runs.KILLED):
        show.tell(out, say("runs.resume", name=one.name))
    for path in record.tampered(one):
        show.tell(out, say("runs.tampered", path=path), style="bold red")
