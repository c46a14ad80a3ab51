"""apprenti runs: lists, shows, compares, notes, renames, deletes and restores runs."""

from pathlib import Path
from typing import Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, complete_run
from apprenti.language import say


def run(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            help=say("cli.runs.names"),
            metavar="RUN",
            autocompletion=complete_run,
            show_default=False,
        ),
    ] = None,
    note: Annotated[
        str | None, typer.Option(help=say("cli.runs.note"), metavar="TEXT", show_default=False)
    ] = None,
    rename: Annotated[str, typer.Option(help=say("cli.runs.rename"), metavar="NAME")] = "",
    delete: Annotated[bool, typer.Option("--delete", help=say("cli.runs.delete"))] = False,
    restore: Annotated[bool, typer.Option("--restore", help=say("cli.runs.restore"))] = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.errors import ApprentiError
    from apprenti.project import FILE

    if not (project / FILE).exists():
        raise ApprentiError("no_project", folder=project)
    folder = project / "runs"
    changes = [note is not None, bool(rename), delete, restore]
    if (any(changes) and not names) or sum(changes) > 1 or (rename and len(names or []) != 1):
        raise ApprentiError("runs_usage")
    if restore:
        chosen = [runs.restore(folder, name) for name in names or []]
    else:
        chosen = [runs.find(folder, name) for name in names or []]
    if note is not None:
        for one in chosen:
            runs.set_note(one, note)
    elif rename:
        chosen = [runs.rename(chosen[0], rename)]
    elif delete:
        _delete(chosen, as_json)
        return
    if as_json:
        listed = chosen or runs.all_runs(folder)
        show.print_json({"runs": [_details(one) for one in listed]})
    elif len(chosen) == 1:
        _show_one(chosen[0])
    elif chosen:
        _compare(chosen)
    else:
        _list(runs.all_runs(folder))


def _delete(chosen: list[Any], as_json: bool) -> None:
    from apprenti import runs
    from apprenti.cli import show

    for one in chosen:
        runs.delete(one)
        if not as_json:
            show.tell(show.console(), say("runs.deleted", name=one.name))
    if as_json:
        show.print_json({"deleted": [one.name for one in chosen]})


def _details(one: Any) -> dict[str, Any]:
    from apprenti.runs import summary

    return {**summary(one), "note": one.note}


def _list(all_runs: list[Any]) -> None:
    from rich.table import Table

    from apprenti import runs
    from apprenti.cli import show

    out = show.console()
    if not all_runs:
        show.tell(out, say("runs.none"))
        return
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in ("run", "status", "epoch", "valid_loss", "valid_accuracy", "seconds", "note"):
        justify: Any = "left" if column in ("run", "status", "note") else "right"
        table.add_column(say(f"show.column.{column}"), justify=justify, no_wrap=column == "run")
    for one in all_runs:
        facts = runs.summary(one)
        table.add_row(
            one.name,
            say(f"words.status_{one.status}"),
            str(facts.get("epoch", "")),
            say("show.loss", value=facts["valid_loss"]) if "valid_loss" in facts else "",
            show.percent(facts.get("valid_accuracy")),
            say("show.seconds", value=facts["seconds"]),
            one.note.splitlines()[0] if one.note else "",
        )
    out.print(table)


def _show_one(one: Any) -> None:
    from apprenti import runs
    from apprenti.cli import show
    from apprenti.train import record

    out = show.console()
    out.print(show.runs_table([runs.summary(one)], one.name))
    facts = one.environment
    status, started = say(f"words.status_{one.status}"), facts.get("started", "?")
    show.tell(out, say("runs.facts", status=status, started=started))
    if one.note:
        show.tell(out, say("runs.note", note=one.note))
    for name in sorted(entry.name for entry in one.folder.iterdir()):
        out.print(f"  {one.folder / name}", markup=False)
    if one.status in (runs.INTERRUPTED, runs.KILLED):
        show.tell(out, say("runs.resume", name=one.name))
    for path in record.tampered(one):
        show.tell(out, say("runs.tampered", path=path), style="bold red")


def _compare(chosen: list[Any]) -> None:
    from rich.table import Table

    from apprenti import runs
    from apprenti.cli import show

    out = show.console()
    out.print(show.runs_table([runs.summary(one) for one in chosen], say("show.title")))
    flat = [_flat(one.choices) for one in chosen]
    differing = [k for k in sorted(set().union(*flat)) if len({str(f.get(k)) for f in flat}) > 1]
    if not differing:
        show.tell(out, say("runs.same_settings"))
        return
    table = Table(title=say("runs.differ"), title_justify="left", box=None, pad_edge=False)
    for column in (say("show.column.setting"), *(one.name for one in chosen)):
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
