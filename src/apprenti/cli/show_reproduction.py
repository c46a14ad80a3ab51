"""What came of a run that was run again, as it is shown."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.language import say
from apprenti.runs import short_names

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.cli.show import Bars
    from apprenti.runs import Run
    from apprenti.track.reproduce import Cause, Reproduction

MARKS = {"identical": ("✓", "green"), "within_tolerance": ("✓", "green"), "different": ("✗", "red")}


def tell_begin(bars: "Bars", run: "Run") -> None:
    """Say which run is run again, and how long it took."""
    took = run.environment.get("process_seconds")
    if not bars.quiet and isinstance(took, int | float):
        words = say("track.reproduce.begins", run=short_names([run])[run], seconds=took)
        show.tell(bars.out, words, style="dim")


def tell(out: "Console", found: "Reproduction") -> None:
    """Show the outcome, what was compared, what has changed since, and where it is kept."""
    called = short_names([found.run])[found.run]
    mark, style = MARKS[found.outcome]
    text = say(f"track.reproduce.{_form(found)}", run=called, epoch=found.first_epoch)
    show.tell(out, f"{mark} {text}", style=style)
    compared = _compared(found.facts)
    width = max(map(len, compared)) + 2
    for name, words in compared.items():
        for at, sentence in enumerate(words):
            show.hanging(out, f"  {'' if at else name:<{width}}", sentence)
    _tell_causes(out, found)
    facts = found.facts
    if facts["partial"]:
        show.tell(out, say("track.reproduce.partial", epochs=facts["epochs"]["recorded"]))
    if facts["folds"]:
        show.tell(out, say("track.reproduce.folds"))
    path = found.run.folder / "reproduced.json"
    key = "kept" if found.is_kept else "not_kept"
    show.tell(out, say(f"track.reproduce.{key}", path=path), None if found.is_kept else "yellow")


def tell_shortly(out: "Console", found: "Reproduction") -> None:
    """Say in one line what came of it, where a run is shown."""
    if not found.is_current:
        called = short_names([found.run])[found.run]
        words = say("track.reproduce.shown_before", at=found.at, run=called)
        show.tell(out, words, style="yellow")
        return
    outcome = say(f"track.reproduce.shown_{_form(found)}", epoch=found.first_epoch)
    show.tell(out, say("track.reproduce.shown", at=found.at, outcome=outcome))


def _form(found: "Reproduction") -> str:
    from apprenti.track.reproduce import DIFFERENT

    return f"{found.outcome}{'_from' * (found.outcome == DIFFERENT and bool(found.first_epoch))}"


def _compared(facts: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return what is said of each thing that was compared, under its name."""
    told = {say("track.reproduce.history"): _of_history(facts)}
    if predictions := facts["predictions"]:
        told[say("track.reproduce.predictions")] = [_of_predictions(predictions)]
    if weights := facts["weights"]:
        key = "same_model" if weights["identical"] else "other_bytes"
        told[say("track.reproduce.weights")] = [say(f"track.reproduce.{key}")]
    return told


def _of_history(facts: Mapping[str, Any]) -> list[str]:
    history, epochs = facts["history"], facts["epochs"]
    if history["identical"]:
        return [say("track.reproduce.same_history", epochs=epochs["recorded"])]
    shown = history["first"] if facts["outcome"] != "different" else _told_of(facts)
    words = [_of_gap("first_gap", shown)] if shown else []
    if history["largest"] and history["largest"] != shown:
        words.append(_of_gap("largest_gap", history["largest"]))
    if epochs["recorded"] != epochs["again"]:
        words.append(say("track.reproduce.other_epochs", **epochs))
    return words


def _told_of(facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the first gap of the epoch from which on a run is different."""
    gaps = [facts["history"][name] for name in ("beyond", "first")]
    return next((gap for gap in gaps if gap and gap["epoch"] == facts["first_epoch"]), None)


def _of_gap(key: str, gap: Mapping[str, Any]) -> str:
    numbers = ("recorded", "again", "difference")
    values = {name: math.nan if gap[name] is None else gap[name] for name in numbers}
    return say(f"track.reproduce.{key}", **{**gap, **values})


def _of_predictions(told: Mapping[str, Any]) -> str:
    if told["identical"] or not told["same_rows"]:
        return say(f"track.reproduce.{'same_bytes' if told['identical'] else 'other_rows'}")
    if told["same_class"] is not None:
        share = say("words.shape.percent", value=100 * told["same_class"])
        return say("track.reproduce.same_class", share=share)
    distance = math.nan if told["distance"] is None else told["distance"]
    return say("track.reproduce.distance", distance=distance)


def _tell_causes(out: "Console", found: "Reproduction") -> None:
    """Say what has changed since the run was made, what else may be the reason, and the bounds."""
    excuses = [one for one in found.why if one.is_excuse]
    if excuses:
        show.tell(out, say("track.reproduce.changed"))
        for one in excuses:
            show.tell(out, f"  · {cause(one)}")
    for one in found.why:
        if not one.is_excuse:
            show.tell(out, cause(one), style="yellow")
    if excuses and found.outcome != "identical":
        bounds = found.facts["tolerance"]
        values = {"share": bounds["share"], "small": bounds["small"], "same": bounds["same_class"]}
        show.tell(out, say("track.reproduce.tolerance", **values), style="dim")


def cause(one: "Cause") -> str:
    """Return a reason in words."""
    code = f"{one.code}_{one.name}" if one.code == "machine" else one.code
    then, now = (say("track.reproduce.none") if v in (None, "") else v for v in one[2:])
    return say(f"track.reproduce.why_{code}", name=one.name, recorded=then, now=now)
