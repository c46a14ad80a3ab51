"""apprenti compare: the same run in both frameworks and the baselines, with the parity report."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from apprenti.cli.options import Assignments, Json, Lang, ProjectFolder, read_assignments
from apprenti.language import say
from apprenti.model.catalogue import NETWORKS

if TYPE_CHECKING:
    from rich.console import Console


def run(
    assignments: Assignments = None,
    parity: Annotated[bool, typer.Option(help=say("cli.compare.parity"))] = True,
    project: ProjectFolder = Path("."),
    as_json: Json = False,
    lang: Lang = None,
) -> None:
    from apprenti import optional, runs
    from apprenti.cli import show
    from apprenti.cli.many_runs import train_all
    from apprenti.project import load
    from apprenti.train import curves
    from apprenti.train import parity as parities
    from apprenti.train.comparison import contestants
    from apprenti.train.verdict import verdicts

    overrides = read_assignments(assignments)
    loaded = load(project, overrides)
    out = show.console(stderr=as_json)
    missing = [name for name in NETWORKS if optional.version(name) is None]
    for name in missing:
        words = say(f"words.framework_{name}")
        show.tell(out, say("start.not_found", framework=words, extra=name))
    report: parities.Report = {}
    with runs.lock(loaded.runs_folder):
        made = train_all(list(contestants(loaded)), set(overrides))
        out.print()
        out.print(show.runs_table([runs.summary(run) for run in made], say("show.title")))
        show.tell(out, say("start.picture", path=curves.draw(made, loaded.folder / "curves.png")))
        told = verdicts(made)
        _judge(out, made, told)
        if parity and not missing and parities.possible(loaded, made):
            report = _measure(loaded)
            _tell(out, report, loaded.choices.train.optimizer)
    if as_json:
        summaries = [runs.summary(run) for run in made]
        judged = [one._asdict() | {"outcome": one.outcome} for one in told]
        content = {"runs": summaries, "verdicts": judged, "parity": parities.as_json(report)}
        show.print_json(content)


def _judge(out: "Console", made: list[Any], told: list[Any]) -> None:
    """Say in words whether each model beats the simple ones, with the interval of the gain."""
    from apprenti.cli import show
    from apprenti.cli.many_runs import run_label

    labels = {run.name: run_label(run.model, run.framework, run.task) for run in made}
    if told:
        out.print()
        show.tell(out, say("verdict.title"), style="bold")
    for one in told:
        words = {"model": labels[one.run], "other": labels[one.other]}
        words["gain"] = say(f"verdict.{one.measure}", **one._asdict())
        show.tell(out, "· " + say(f"verdict.{one.outcome}", **words))
    for name, auc in {one.run: one.auc for one in told if one.auc is not None}.items():
        show.tell(out, "· " + say("verdict.auc", model=labels[name], auc=auc))


def _measure(project: Any) -> Any:
    from apprenti.cli import show
    from apprenti.train import parity

    def watch(framework: str) -> show.Live:
        label = say("compare.experiment", framework=say(f"words.framework_{framework}"))
        return show.Live(label, project.choices.train.epochs)

    return parity.measure(project, watch)


def _tell(out: "Console", report: Any, optimizer: str) -> None:
    from rich.table import Table

    from apprenti.cli import show
    from apprenti.train import parity

    out.print()
    show.tell(out, say("compare.title"), style="bold")
    show.tell(out, say("compare.how"))
    table = Table(header_style="bold", box=None, pad_edge=False)
    for column in (
        "step",
        "weights",
        "moved_weights",
        "probabilities",
        "agreement",
        "loss",
        "accuracy",
    ):
        table.add_column(say(f"compare.column.{column}"), justify="right")
    for gap in report["chosen"]:
        shapes = gap._asdict()
        table.add_row(*(say(f"compare.cell.{name}", value=value) for name, value in shapes.items()))
    out.print(table)
    out.print()
    show.tell(out, say("compare.reasons"), style="bold")
    for name, values in parity.reasons(report):
        key = "chosen_sgd" if name == "float64" and optimizer == "sgd" else name
        show.tell(out, "· " + say(f"compare.reason.{key}", **values))
    last = report["chosen"][-1]
    out.print()
    show.tell(out, say("compare.conclusion", **last._asdict()))
