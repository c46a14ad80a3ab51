"""apprenti runs: lists, shows, compares, notes, renames, deletes and restores runs."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_run
from apprenti.language import say

if TYPE_CHECKING:
    from apprenti.runs import Run, RunFacts

NEWEST = 30
"""So many runs are listed on the screen; all of them in JSON."""

MOST_NAMED = 5
"""So many runs are named that had other settings of the data."""


def _names(text: str) -> Any:
    return typer.Argument(
        help=say(f"cli.runs.{text}"), metavar="RUN", autocompletion=complete_run, show_default=False
    )


One = Annotated[str, _names("one")]
Several = Annotated[list[str], _names("several")]
All = Annotated[bool, typer.Option("--all", help=say("cli.runs.all"))]


def list_runs(
    every: All = False, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    from apprenti import runs
    from apprenti.train.settle import read_all

    there = runs.all_runs(_folder(project))
    shown = there if every or as_json else there[-NEWEST:]
    _tell(read_all(shown), as_json, lambda listed: _list(listed, len(there) - len(shown)))
    if not as_json:
        _tell_of_data(project, shown)


def show_run(
    name: One, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    _tell_runs(_found(project, [name]), as_json)


def compare_runs(
    names: Several, project: ProjectFolder = Path("."), as_json: Json = False, lang: Lang = None
) -> None:
    _tell_runs(_found(project, names), as_json)


def note_run(
    name: One,
    text: Annotated[str, typer.Argument(help=say("cli.runs.text"), metavar="TEXT")],
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs

    (found,) = _found(project, [name])
    runs.set_note(found, text)
    _tell_runs([found], as_json)


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
        list_runs(every, project, as_json)
    elif delete:
        delete_runs(given, project, as_json)
    elif restore:
        restore_runs(given, project, as_json)
    elif rename:
        rename_run(given[0], rename, project, as_json)
    elif note is not None:
        for name in given:
            note_run(name, note, project, as_json)
    else:
        compare_runs(given, project, as_json)


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


def _tell_of_data(project: Path, listed: list["Run"]) -> None:
    """Say what is seriously wrong with the data, and which runs had other settings of the data."""
    from apprenti.cli import show, show_data
    from apprenti.errors import ApprentiError
    from apprenti.project import load
    from apprenti.standing import of_other_data, serious

    out = show.console()
    try:
        others = [run.name for run in of_other_data(listed, load(project))]
        show_data.standing(out, serious(project), project)
    except ApprentiError:  # runs are listed whatever apprenti.toml says
        return
    if others:
        named = ", ".join(others[:MOST_NAMED]) + ("…" if len(others) > MOST_NAMED else "")
        show.tell(out, say("runs.other_data", count=len(others), names=named), style="yellow")


def _found(project: Path, names: list[str]) -> list["Run"]:
    from apprenti import runs

    folder = _folder(project)
    return [runs.find(folder, name) for name in names]


def _tell_runs(chosen: list["Run"], as_json: bool) -> None:
    from apprenti.train.settle import read_all

    show_them = (lambda facts: _show_one(chosen[0])) if len(chosen) == 1 else None
    _tell(read_all(chosen), as_json, show_them or (lambda facts: _compare(chosen)))


def _tell(
    listed: list["RunFacts"], as_json: bool, in_words: Callable[[list["RunFacts"]], None]
) -> None:
    from apprenti.cli import show

    if as_json:
        show.print_json({"runs": [{**facts.summary(), "note": facts.note} for facts in listed]})
    else:
        in_words(listed)


def _list(listed: list["RunFacts"], left_out: int) -> None:
    from apprenti.cli import show
    from apprenti.measures import VALID, main_score

    out = show.console()
    if not listed:
        show.tell(out, say("runs.none"))
        return
    scores = {facts.name: main_score(facts.last) for facts in listed}
    names = {measure.name for measure in scores.values() if measure}
    # Where runs measured different things, each says its own under a heading for all
    score = f"{VALID}{names.pop() if len(names) == 1 else 'score'}"
    table = show.plain_table()
    for column in ("run", "status", "epoch", "valid_loss", score, "seconds", "note"):
        justify: Any = "left" if column in ("run", "status", "note") else "right"
        table.add_column(say(f"cli.show.column.{column}"), justify=justify, no_wrap=column == "run")
    for facts in listed:
        told, measure = facts.summary(), scores[facts.name]
        loss = told.get("valid_loss")
        table.add_row(
            facts.name,
            show.status(facts.status),
            str(told.get("epoch", "")),
            "" if loss is None else say("words.shape.loss", value=loss),
            measure.written(told[f"{VALID}{measure.name}"]) if measure else "",
            say("words.shape.seconds", value=told["seconds"]),
            facts.note.splitlines()[0] if facts.note else "",
        )
    out.print(table)
    for facts in listed:
        if facts.damage:
            show.tell(out, f"! {facts.damage}", style="yellow")
    if left_out:
        show.tell(out, say("runs.more", count=left_out))


def _show_one(one: "Run") -> None:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.train import record

    out = show.console()
    out.print(show.runs_table([runs.summary(one)], one.name))
    facts = one.environment
    status, started = show.status(one.status), facts.get("started", "?")
    show.tell(out, say("runs.facts", status=status, started=started))
    if one.note:
        show.tell(out, say("runs.note", note=one.note))
    for name in sorted(entry.name for entry in one.folder.glob("[!.]*")):
        out.print(f"  {one.folder / name}", markup=False)
    if one.status in (runs.INTERRUPTED, runs.KILLED):
        show.tell(out, say("runs.resume", name=one.name))
    for path in record.tampered(one):
        show.tell(out, say("runs.tampered", path=path), style="bold red")


def _compare(chosen: list["Run"]) -> None:
    from rich.table import Table

    from apprenti import runs
    from apprenti.cli import show

    out = show.console()
    out.print(show.runs_table([runs.summary(one) for one in chosen], say("cli.show.title")))
    flat = [_flat(one.choices) for one in chosen]
    differing = [k for k in sorted(set().union(*flat)) if len({str(f.get(k)) for f in flat}) > 1]
    if not differing:
        show.tell(out, say("runs.same_settings"))
        return
    table = Table(title=say("runs.differ"), title_justify="left", box=None, pad_edge=False)
    for column in (say("cli.show.column.setting"), *(one.name for one in chosen)):
        table.add_column(column)
    for key in differing:
        table.add_row(key, *(str(f.get(key, "")) for f in flat))
    out.print(table)


def _flat(choices: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in choices.items():
        inner = (
            _flat(value, f"{prefix}{key}.")
            if isinstance(value, dict)
            else {f"{prefix}{key}": value}
        )
        found |= inner
    return found
