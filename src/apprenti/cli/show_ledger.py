"""What is shown of the ledger: each opening of the test set, what is wrong with it, and labels."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti import ledger
from apprenti.cli import show
from apprenti.command_line import of_apprenti
from apprenti.language import say
from apprenti.ledger import FILE, Ledger, Opening
from apprenti.measures import ACCURACY, R2
from apprenti.printable import printable
from apprenti.project import load

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.runs import Run, RunFacts

MARK = "†"
"""Beside a run that was chosen after somebody had looked."""

MOST_NAMED = 5

TOLD = (ACCURACY, "balanced_accuracy", "auc", "mae", R2)
"""The measures that are told of an opening, the first two that it has."""


def tell(out: "Console", found: Ledger, folder: Path) -> None:
    """Show all the openings, what has changed since, and what is wrong."""
    if not found.lines:
        if not found.troubles:
            command = of_apprenti("evaluate")
            show.tell(out, say("ledger.empty", command=command))
        tell_troubles(out, found)
        return
    title = say("ledger.title", count=len(found.lines), file=FILE)
    show.tell(out, title, style="bold")
    for one in found.lines:
        _tell_one(out, found, one)
    out.print()
    show.tell(out, say("ledger.since", changes=changes(since(found, folder))))
    out.print()
    tell_marked(out, [one.run for one in found.lines if found.is_selection(one)])
    tell_troubles(out, found)
    if not found.troubles:
        show.tell(out, "✓ " + say("ledger.sound"), style="dim")


def since(found: Ledger, folder: Path) -> dict[str, Any]:
    """Return what has changed in a project since the last opening."""
    from apprenti.evaluate.opening import settings_of

    last = found.lines[-1]
    return ledger.changed_since(found, settings_of(load(folder)), last.data)


def _tell_one(out: "Console", found: Ledger, one: Opening) -> None:
    selected = f" {MARK}" if found.is_selection(one) else ""
    words = {"number": one.number, "at": one.at.replace("T", " ").replace("Z", " UTC")}
    run = f"{one.run_number or ''} {one.run}".strip()
    out.print()
    show.tell(out, say("ledger.one", **words, run=run) + selected)
    by = say("ledger.by", by=one.by) if one.by else ""
    beside = say("ledger.beside", runs=_names(one.beside)) if one.beside else ""
    told = ", ".join(filter(None, [by, _now(found, one), beside]))
    lines = [told] if told else []
    lines.append(say(f"ledger.outcome_{one.outcome}", measures=figures(one)))
    if one.previous is not None:
        lines.append(say("ledger.changed", changes=changes(one.changed)))
    for line in lines:
        show.tell(out, f"    {line}", style="dim")


def figures(one: Opening) -> str:
    """Return the measures of an opening that are told in a line."""
    from apprenti.evaluate.measured import Measured

    known = [name for name in TOLD if one.measures.get(name) is not None][:2]
    made = (Measured(name, "", one.measures[name], None, None, "") for name in known)
    return ", ".join(f"{m.title} {m.written(m.value)}" for m in made) or say("ledger.no_figure")


def _now(found: Ledger, one: Opening) -> str:
    """Return what has become of a run since: renamed, deleted; nothing where it is as it was."""
    run, is_deleted = found.whereabouts(one)
    if run is None:
        return say("ledger.gone")
    if is_deleted:
        return say("ledger.deleted")
    return "" if run.name == one.run else say("ledger.now", name=run.name)


def changes(changed: Mapping[str, Any]) -> str:
    """Return what has changed between two openings, in words."""
    told = []
    if changed.get("runs_made"):
        told.append(say("ledger.runs", count=changed["runs_made"]))
    if settings := changed.get("settings"):
        told.append(say("ledger.settings", names=_names(settings)))
    if files := changed.get("data"):
        told.append(say("ledger.data", names=_names(files)))
    return "; ".join(told) or say("ledger.nothing")


def _names(names: Iterable[str]) -> str:
    known = [printable(name) for name in names]
    return ", ".join(known[:MOST_NAMED]) + ("…" if len(known) > MOST_NAMED else "")


def tell_troubles(out: "Console", found: Ledger) -> None:
    """Say what is wrong with a ledger, if anything is."""
    for one in found.troubles:
        show.tell(out, f"! {one.told()}", style="bold red")


def as_json(found: Ledger, folder: Path) -> dict[str, Any]:
    """Return what --json says of a ledger."""
    pairs = [(one.as_json(), found.is_selection(one)) for one in found.lines]
    openings = [{"opening": told, "selected_on_test": selected} for told, selected in pairs]
    return {
        "file": FILE,
        **found.stamp,
        "lines": openings,
        "since": since(found, folder) if found.lines else None,
        "troubles": troubles_as_json(found),
    }


def troubles_as_json(found: Ledger) -> list[dict[str, Any]]:
    return [
        {"kind": one.kind, "line": one.line, "runs": [*one.runs], "what": one.told()}
        for one in found.troubles
    ]


def marked(project: Path, listed: "Iterable[Run | RunFacts]") -> set[str]:
    """Return the names of those of these runs that were selected on the test set."""
    found = ledger.read(project)
    return {one.name for one in listed if found.selected(one)}


def tell_selected(out: "Console", listed: "Iterable[Run]") -> None:
    """Name those of these runs that were selected on the test set, where one was."""
    from apprenti.runs import short_names

    there = list(listed)
    names = marked(there[0].folder.parent.parent, there) if there else set()
    if names:
        called = short_names(there)
        told = _names(called[run] for run in there if run.name in names)
        show.tell(out, say("ledger.selected_runs", runs=told), style="yellow")


def tell_marked(out: "Console", names: Iterable[str]) -> None:
    """Say what the mark beside runs means, where one has it."""
    if names:
        show.tell(out, say("ledger.marked", mark=MARK), style="yellow")
