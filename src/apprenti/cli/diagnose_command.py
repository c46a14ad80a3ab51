"""apprenti diagnose: what is wrong with a training, and what to try."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Json, Lang, ProjectFolder, Trust, complete_doubted, complete_run
from apprenti.errors import ApprentiError
from apprenti.language import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from apprenti.diagnose import Diagnosis
    from apprenti.findings import Finding
    from apprenti.runs import Run


def _of_rows(option: str, metavar: str = "ROW,ROW") -> Any:
    text = say(f"cli.diagnose.{option.removeprefix('--')}")
    return typer.Option(option, help=text, metavar=metavar, autocompletion=complete_doubted)


def _flag(option: str) -> Any:
    text = option.removeprefix("--").replace("-", "_")
    return typer.Option(option, help=say(f"cli.diagnose.{text}"))


def run(
    name: Annotated[
        str,
        typer.Argument(help=say("cli.diagnose.run"), metavar="RUN", autocompletion=complete_run),
    ] = "last",
    picture: Annotated[
        bool, typer.Option("--picture/--no-picture", help=say("cli.diagnose.picture"))
    ] = True,
    learning_curve: Annotated[bool, _flag("--learning-curve")] = False,
    importance: Annotated[bool, _flag("--importance")] = False,
    labels: Annotated[bool, _flag("--labels")] = False,
    accept: Annotated[list[str] | None, _of_rows("--accept")] = None,
    keep: Annotated[list[str] | None, _of_rows("--keep")] = None,
    relabel: Annotated[list[str] | None, _of_rows("--relabel", "ROW=CLASS")] = None,
    accept_all: Annotated[bool, _flag("--accept-all")] = False,
    undo: Annotated[bool, _flag("--undo")] = False,
    by: Annotated[
        str | None, typer.Option("--by", help=say("cli.diagnose.by"), metavar="NAME")
    ] = None,
    compare: Annotated[bool, _flag("--compare")] = False,
    trust: Trust = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import listing
    from apprenti.project import load

    decided = {"accept": accept, "keep": keep, "relabel": relabel, "accept_all": accept_all}
    decided = {option: given for option, given in decided.items() if given}
    if labels:
        _labels(name, project, picture, as_json, decided, by, undo, compare)
        return
    _refuse_alone({**decided, "undo": undo, "by": by is not None, "compare": compare})
    chosen = listing.find(load(project).runs_folder, name)
    if importance:
        _explain(chosen, picture, as_json, trust)
    elif learning_curve:
        _learn_more(chosen, picture, as_json)
    else:
        _diagnose(chosen, project, picture, as_json)


def _refuse_alone(given: "Mapping[str, Any]") -> None:
    """Refuse an option that only goes with --labels."""
    if alone := next((option for option, value in given.items() if value), ""):
        raise ApprentiError("labels_only", option=f"--{alone.replace('_', '-')}")


def _diagnose(chosen: "Run", project: Path, picture: bool, as_json: bool) -> None:
    """Ask what is wrong with a run, tell it, and draw its curves, which takes as long again."""
    from apprenti.cli import show
    from apprenti.diagnose import diagnose, marked_curve

    found, out = diagnose(chosen), show.console()
    if not as_json:
        _tell(out, found, project)
    made: list[Path] = []
    if picture and found.evidence.in_epochs:
        made = show.drawn(lambda folder: [marked_curve.draw(found, folder)], found.run.folder)
    drawn = next(iter(made), None)
    if as_json:
        show.print_json({**found.as_json(), "picture": str(drawn) if drawn else None})
    elif drawn:
        show.tell(out, say("cli.first_model.picture", path=drawn))


def _explain(chosen: "Run", picture: bool, as_json: bool, trust: bool) -> None:
    """Measure what the model relies on, and tell it."""
    from apprenti.cli import show, show_explanations
    from apprenti.evaluate import explanation_pictures
    from apprenti.evaluate.explanations import explain

    with show.Live(say("explanations.at_work"), 1) as live:
        found = explain(chosen, live, trust)
    drawn = (
        show.drawn(lambda path: explanation_pictures.draw(found, path), chosen.folder)
        if picture
        else []
    )
    if as_json:
        show.print_json({**found.as_json(), "pictures": [str(path) for path in drawn]})
    else:
        show_explanations.tell(found, show.console(), drawn)


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


def _labels(
    name: str,
    project: Path,
    picture: bool,
    as_json: bool,
    decided: "Mapping[str, Any]",
    by: str | None,
    undo: bool,
    compare: bool,
) -> None:
    """Look for suspects among the labels, decide on them, or say what was gained by it."""
    from apprenti import listing
    from apprenti.cli import show, show_labels
    from apprenti.diagnose import label_decisions as decisions
    from apprenti.diagnose import label_effect
    from apprenti.project import load

    if bool(decided) + undo + compare > 1 or (by is not None and not decided):
        raise ApprentiError("labels_usage")
    out = show.console()
    if decided or undo:
        folder = load(project).folder
        standing = decisions.undo(folder) if undo else decisions.decide(folder, **decided, by=by)
        if as_json:
            show.print_json(show_labels.as_json(standing=standing))
        else:
            show_labels.tell_decided(out, standing, project, name)
        return
    run = listing.find(load(project).runs_folder, name)
    if compare:
        effect = label_effect.compare(run)
        if as_json:
            show.print_json(show_labels.as_json(effect=effect))
        else:
            show_labels.tell_effect(out, effect)
        return
    found = show_labels.look(run, project)
    now = decisions.propose(found)
    made = show.drawn(lambda to: [show_labels.draw(found, to)], run.folder) if picture else []
    drawn = next(iter(made), None)
    if as_json:
        show.print_json(show_labels.as_json(found, now, drawn=drawn))
    else:
        show_labels.tell_found(out, found, now, drawn)


def _tell(out: "Console", found: "Diagnosis", project: Path) -> None:
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
