"""What `apprenti diagnose --labels` shows: the suspects, what was decided, what it was worth."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.command_line import of_apprenti
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.diagnose.label_decisions import Standing
    from apprenti.diagnose.label_effect import Effect
    from apprenti.diagnose.label_suspects import Suspects
    from apprenti.runs import Run

SHOWN, PICTURED = 20, 40
"""So many suspects are listed, and drawn where they are images; the file has all of them."""

FILE = "label_suspects.png"

LONGEST = 150
"""Letters of what stands in a row."""


def look(run: "Run", project: Path) -> "Suspects":
    """Look for suspects, showing how far it is."""
    from apprenti.diagnose import label_suspects

    with show.Bars(project) as bars:
        name = say("diagnose.labels.watched", folds=label_suspects.FOLDS)
        task = bars.progress.add_task(name, total=None, where=say("cli.show.starting"))
        if not bars.out.is_terminal:
            show.tell(bars.out, name, style="dim")

        def epoch(done: int, of: int) -> None:
            bars.progress.update(task, completed=done, total=of, where=f"{done}/{of}")

        return label_suspects.look(run, epoch)


def draw(found: "Suspects", folder: Path) -> Path | None:
    """Draw the worst of them, where they are images."""
    from apprenti.evaluate import mistake_images

    rows = found.content.rows
    shown = [
        (one, rows[one.row])
        for one in found.found[:PICTURED]
        if one.row in rows and rows[one.row].image is not None
    ]
    if not shown:
        return None
    return mistake_images.draw(shown, folder / FILE, "diagnose.labels", "picture")


def tell_found(out: "Console", found: "Suspects", standing: "Standing", drawn: Path | None) -> None:
    from apprenti.diagnose.label_suspects import FILTER, FOLDS, MEASURED

    if not found.found:
        show.tell(out, say("diagnose.labels.none", rows=found.rows), style="green")
        return
    counted = {"count": len(found.found), "rows": found.rows}
    show.tell(out, say("diagnose.labels.title", **counted), style="bold")
    show.tell(out, say("diagnose.labels.how_found", folds=FOLDS, filter=FILTER), style="dim")
    out.print()
    for one in found.found[:SHOWN]:
        names = {"row": printable(one.row), "was": _name(one.truth), "now": _name(one.predicted)}
        shares = {"of_was": 100 * one.of_truth, "of_now": 100 * one.confidence}
        show.tell(out, say("diagnose.labels.one", **names, **shares))
        _tell_content(out, found, one.row)
    if len(found.found) > SHOWN:
        more = len(found.found) - SHOWN
        show.tell(out, say("diagnose.labels.more", more=more, path=standing.path), style="dim")
    if found.content.why_not:
        show.tell(out, say("evaluate.no_rows", why=found.content.why_not), style="yellow")
    out.print()
    shares = {name: 100 * share for name, share in MEASURED.items()}
    show.tell(out, say("diagnose.labels.measured", **shares))
    if drawn:
        show.tell(out, say("cli.first_model.picture", path=drawn))
    _tell_how(out, standing)


def _tell_content(out: "Console", found: "Suspects", row: str) -> None:
    from apprenti.diagnose.label_decisions import written

    there = found.content.rows.get(row)
    text = printable(written(there)) if there and there.image is None else ""
    if text:
        cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
        show.tell(out, f"    {cut}", style="dim")


def _tell_how(out: "Console", standing: "Standing") -> None:
    """Say how to decide: with commands, or in the file."""
    out.print()
    counts = {"corrected": standing.corrected, "kept": standing.kept}
    show.tell(out, say("diagnose.labels.standing", undecided=standing.undecided, **counts))
    waiting = [one.row for one in standing.decisions if not one.is_decided]
    if not waiting:
        return
    show.tell(out, say("diagnose.labels.how"))
    few = ",".join(waiting[:3]) if not any("," in row for row in waiting[:3]) else waiting[0]
    lines = [("--accept", few), ("--keep", waiting[0]), ("--accept-all",)]
    show.commands(out, [of_apprenti("diagnose", "--labels", *words) for words in lines])
    show.tell(out, say("diagnose.labels.by_file", path=standing.path))
    if standing.path.is_file():
        show.commands(out, [of_apprenti("set", f"labels={standing.path.name}")])


def tell_decided(out: "Console", standing: "Standing", project: Path, name: str) -> None:
    """Say what was decided, and how a run of this name is trained again."""
    for one in standing.changed[:SHOWN]:
        names = {"row": printable(one.row), "was": _name(one.was), "now": _name(one.now)}
        key = "corrected" if one.is_correction else "kept" if one.is_decided else "open"
        show.tell(out, say(f"diagnose.labels.decided.{key}", **names))
    if len(standing.changed) > SHOWN:
        more = len(standing.changed) - SHOWN
        show.tell(out, say("diagnose.labels.more", more=more, path=standing.path), style="dim")
    counts = {"corrected": standing.corrected, "kept": standing.kept}
    show.tell(out, say("diagnose.labels.standing", undecided=standing.undecided, **counts))
    if standing.corrected:
        show.tell(out, say("diagnose.labels.again"))
        show.commands(
            out, [_again(project, name), of_apprenti("diagnose", "--labels", "--compare")]
        )
    show.tell(out, say("diagnose.labels.undo"), style="dim")


def _again(project: Path, name: str) -> str:
    """Return the command that trains a run again; where there is none, a run."""
    from apprenti.errors import ApprentiError
    from apprenti.listing import find
    from apprenti.project import load
    from apprenti.train.next_change import words_again

    words = ["train"]
    with contextlib.suppress(ApprentiError):
        words = words_again(find(load(project).runs_folder, name))
    return of_apprenti(*words)


def tell_effect(out: "Console", effect: "Effect") -> None:
    from apprenti.runs import short_names

    names = short_names([effect.after, effect.before])
    called = {"after": names[effect.after], "before": names[effect.before]}
    verdict = effect.verdict
    show.tell(out, say("diagnose.labels.effect.title", **called), style="bold")
    counts = {"corrected": effect.corrected, "left_out": effect.left_out, "rows": verdict.rows}
    show.tell(out, say("diagnose.labels.effect.rows", **counts))
    gain = {name: getattr(verdict, name) for name in ("difference", "low", "high")}
    words = say(
        f"diagnose.labels.effect.{verdict.outcome}", gain=say("train.verdict.accuracy", **gain)
    )
    style = {"better": "green", "worse": "yellow"}.get(verdict.outcome)
    show.tell(out, words, style=style)


def as_json(
    found: "Suspects | None" = None,
    standing: "Standing | None" = None,
    effect: "Effect | None" = None,
    drawn: Path | None = None,
) -> dict[str, Any]:
    """Return what --json says, the same keys whatever was asked for."""
    changed: Sequence[str] = [one.row for one in standing.changed] if standing else []
    return {
        "found": found.as_json() if found else None,
        "decided": standing.as_json() if standing else None,
        "changed": list(changed),
        "effect": effect.as_json() if effect else None,
        "picture": str(drawn) if drawn else None,
    }


def _name(name: str) -> str:
    name = printable(name)
    return name if len(name) <= 24 else f"{name[:23]}…"
