"""apprenti compare: the same run in both frameworks and the baselines, with the parity report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Again, Assignments, Json, Lang, ProjectFolder, read_assignments
from apprenti.language import say
from apprenti.model.catalogue import NETWORKS

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.findings import Finding


def run(
    assignments: Assignments = None,
    parity: Annotated[bool, typer.Option(help=say("cli.compare.parity"))] = True,
    again: Again = False,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import runs
    from apprenti.cli import show, show_data
    from apprenti.evaluate import agreement as parities
    from apprenti.evaluate.too_good import doubts
    from apprenti.evaluate.verdict import diverged, verdicts
    from apprenti.project import load
    from apprenti.train import curves
    from apprenti.train.comparison import contestants
    from apprenti.train.several import train_all

    overrides = read_assignments(assignments)
    loaded = load(project, overrides)
    out = show.console(stderr=as_json)
    missing = _missing(out)
    report: parities.Report = {}
    with show.Bars(project) as bars:
        made = train_all(list(contestants(loaded)), bars, set(overrides), again)
    out.print()
    found = doubts(made, bars.serious, loaded)
    summaries = [runs.summary(run) for run in made]
    out.print(show.runs_table(summaries, say("cli.show.title"), crowned=not found))
    show.tell(
        out, say("cli.first_model.picture", path=curves.draw(made, loaded.folder / "curves.png"))
    )
    told = verdicts(made)
    if bars.serious:
        codes = ", ".join(dict.fromkeys(one.code for one in bars.serious))
        show.tell(out, say("data.not_judged", codes=codes))
    else:
        _judge(out, made, told, [run.name for run in diverged(made)])
    if parity and not missing and parities.possible(loaded, made):
        report = _measure(loaded)
        _tell(out, report, loaded.choices.train.optimizer)
    show_data.doubts(out, found, project)
    if as_json:
        lists = {"verdicts": [one.as_json() for one in told], "findings": _as_json(found)}
        show.print_json({"runs": summaries, **lists, "parity": parities.as_json(report)})


def _as_json(found: list["Finding"]) -> list[Any]:
    from apprenti.data.findings import words

    return [words.as_json(one) for one in found]


def _missing(out: "Console") -> list[str]:
    """Say which frameworks are not installed, and return them."""
    from apprenti import optional
    from apprenti.cli import show

    missing = [name for name in NETWORKS if optional.version(name) is None]
    for name in missing:
        words = say(f"words.framework_{name}")
        show.tell(out, say("cli.first_model.not_found", framework=words, extra=name))
    return missing


def _judge(out: "Console", made: list[Any], told: list[Any], lost: list[str]) -> None:
    """Say in words whether each model beats the simple ones, with the interval of the gain."""
    from apprenti.cli import show

    labels = {run.name: show.run_label(run.model, run.framework, run.task) for run in made}
    if told or lost:
        out.print()
        show.tell(out, say("train.verdict.title"), style="bold")
    for one in told:
        words = {"model": labels[one.run], "other": labels[one.other]}
        bounded = one.measure if one.as_json()["low"] is not None else "unbounded"
        words["gain"] = say(f"train.verdict.{bounded}", **one._asdict())
        show.tell(out, "· " + say(f"train.verdict.{one.outcome}", **words, rows=one.rows))
    for name in lost:
        show.tell(out, "· " + say("train.verdict.diverged", model=labels[name]))
    for name, auc in {one.run: one.auc for one in told if one.auc is not None}.items():
        show.tell(out, "· " + say("train.verdict.auc", model=labels[name], auc=auc))


def _measure(project: Any) -> Any:
    from apprenti.cli import show
    from apprenti.evaluate import agreement as parity

    def watch(framework: str) -> show.Live:
        label = say("train.compare.experiment", framework=say(f"words.framework_{framework}"))
        return show.Live(label, project.choices.train.epochs)

    return parity.measure(project, watch)


def _tell(out: "Console", report: Any, optimizer: str) -> None:
    from rich.table import Table

    from apprenti.cli import show
    from apprenti.evaluate import agreement as parity

    out.print()
    show.tell(out, say("train.compare.title"), style="bold")
    show.tell(out, say("train.compare.how"))
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in parity.Gap._fields:
        table.add_column(say(f"train.compare.column.{column}"), justify="right")
    for gap in report["chosen"]:
        shapes = gap._asdict()
        table.add_row(
            *(say(f"train.compare.cell.{name}", value=value) for name, value in shapes.items())
        )
    out.print(table)
    out.print()
    show.tell(out, say("train.compare.reasons"), style="bold")
    for name, values in parity.reasons(report):
        key = "chosen_sgd" if name == "float64" and optimizer == "sgd" else name
        show.tell(out, "· " + say(f"train.compare.reason.{key}", **values))
    last = report["chosen"][-1]
    out.print()
    show.tell(out, say("train.compare.conclusion", **last._asdict()))
