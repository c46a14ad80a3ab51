"""What came of the folds of a cross-validated run."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.language import say
from apprenti.measures import VALID

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from apprenti.evaluate.cross_validated import CrossValidated


def tell(found: "CrossValidated", out: "Console", drawn: Path | None = None) -> None:
    """Show each fold, their mean with its interval, and what the interval is."""
    from apprenti.evaluate.cross_validated import OUT_OF_FOLD

    out.print()
    show.tell(out, say(f"evaluate.folds.title_{found.how}", folds=len(found.folds)), style="bold")
    out.print(_table(found))
    _tell_mean(found, out)
    if drawn:
        show.tell(out, say("runs.picture", path=drawn))
    if (path := found.run.folder / OUT_OF_FOLD).exists():
        show.tell(out, say("evaluate.folds.out_of_fold", path=path))


def draw(found: "CrossValidated | None", picture: bool = True) -> Path | None:
    """Draw the folds beside their run, where there are any."""
    from apprenti.evaluate import fold_curves

    if found is None or not picture:
        return None
    made = show.drawn(lambda folder: [fold_curves.draw(found, folder)], found.run.folder)
    return next(iter(made), None)


def as_json(found: "CrossValidated | None", drawn: Path | None) -> dict[str, Any] | None:
    """Return what --json says of the folds of a run; None where there are none."""
    from apprenti.evaluate.cross_validated import OUT_OF_FOLD

    if found is None:
        return None
    path = found.run.folder / OUT_OF_FOLD
    left = {"out_of_fold": str(path) if path.exists() else None}
    return {**found.as_json(), **left, "picture": str(drawn) if drawn else None}


def _tell_mean(found: "CrossValidated", out: "Console") -> None:
    score, measure = found.score, found.measure
    if score is None:
        show.tell(out, say("evaluate.folds.no_score"), style="yellow")
        return
    values = {"mean": measure.written(score.mean), "measure": say(f"words.{measure.name}")}
    if score.low is None or score.high is None:
        show.tell(out, say("evaluate.folds.one", **values))
        return
    values |= {"low": measure.written(score.low), "high": measure.written(score.high)}
    values |= {"spread": measure.written(score.spread)}
    show.tell(out, say("evaluate.folds.mean", **values, folds=score.folds))
    show.tell(out, say("evaluate.folds.interval"), style="dim")
    if missing := len(found.folds) - score.folds:
        show.tell(out, say("evaluate.folds.missing", count=missing), style="yellow")


def _table(found: "CrossValidated") -> "Table":
    from apprenti.runs import COMPLETE

    table, measure = show.plain_table(), found.measure
    names = ("train_loss", f"train_{measure.name}", f"{VALID}loss", f"{VALID}{measure.name}")
    told = [name for name in names if any(fold.last(name) is not None for fold in found.folds)]
    ended = all(fold.status in COMPLETE for fold in found.folds)
    headings = [say("evaluate.folds.fold"), say("evaluate.folds.rows")]
    for heading in [*headings, *(say(f"cli.show.column.{name}") for name in told)]:
        table.add_column(heading, justify="right", no_wrap=True, vertical="bottom")
    if not ended:
        table.add_column(say("cli.show.column.status"), vertical="bottom")
    for fold in found.folds:
        counts = {"train": fold.train_rows, "valid": fold.valid_rows}
        cells = [str(fold.number), say("evaluate.folds.counts", **counts)]
        for name in told:
            value = fold.last(name)
            loss = "" if value is None else say("words.shape.loss", value=value)
            cells.append(loss if name.endswith("_loss") else measure.written(value))
        table.add_row(*cells, *([] if ended else [show.status(fold.status)]))
    return table
