"""What `apprenti runs show` says of a run: its measures, its confusion matrix, its mistakes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from apprenti.cli import show
from apprenti.cli.show_runs import fits
from apprenti.evaluate import confusion
from apprenti.evaluate.class_measures import Average, ClassMeasures, OfClass
from apprenti.evaluate.evaluation import OfClasses, OfNumbers
from apprenti.evaluate.measured import amount
from apprenti.evaluate.parts import VALIDATION
from apprenti.language import say
from apprenti.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from apprenti.cli.whole_words import WholeWords
    from apprenti.evaluate.confusion import ConfusionMatrix
    from apprenti.evaluate.data_rows import DataRows
    from apprenti.evaluate.evaluation import Evaluation
    from apprenti.evaluate.mistakes import Confusion

MOST_CLASSES = 20
"""Of so many classes each has its line; of more, those that are found worst."""

WORST_CLASSES, PAIRS = 10, 5

LONGEST_NAME, LONGEST_TEXT = 24, 300
"""Letters of the name of a class, of a text or a row that is shown."""


def tell(evaluation: "Evaluation", out: "Console") -> None:
    """Show what a run says on the validation set."""
    if isinstance(evaluation, OfClasses):
        _of_classes(evaluation, out)
    else:
        _of_numbers(evaluation, out)


def _of_classes(evaluation: OfClasses, out: "Console") -> None:
    measures = evaluation.measures
    out.print()
    show.tell(out, say("evaluate.title", rows=measures.rows), style="bold")
    show.tell(out, say("evaluate.accuracy", accuracy=100 * measures.accuracy))
    if measures.auc is not None:
        several = "several" if len(measures.classes) > 2 else "two"
        show.tell(out, say(f"evaluate.auc.{several}", auc=measures.auc))
    out.print()
    tell_classes(out, evaluation)


def tell_classes(out: "Console", evaluation: OfClasses) -> None:
    """Show the confusion matrix, each class, and the worst mistakes."""
    measures = evaluation.measures
    file = f"{evaluation.part.before}{confusion.FILE}"
    _tell_matrix(out, evaluation.matrix, evaluation.confusions, file)
    show.tell(out, say("evaluate.by_class"), style="bold")
    out.print(_by_class(measures))
    if len(measures.classes) > MOST_CLASSES:
        show.tell(out, say("evaluate.worst_classes", count=len(measures.classes)), style="dim")
    _tell_mistakes(out, evaluation)


def _tell_matrix(
    out: "Console", matrix: "ConfusionMatrix", confused: Sequence["Confusion"], file: str
) -> None:
    table = _matrix(matrix)
    whole = fits(out, table)
    if whole:
        show.tell(out, say("evaluate.confusion.title"), style="bold")
        out.print(table)
    shown = confused[: PAIRS if whole else 2 * PAIRS]
    if shown and (not whole or len(matrix.classes) > 2):
        key = "most" if whole else "instead"
        title = say(f"evaluate.confusion.{key}", file=file)
        show.tell(out, title, style=None if whole else "bold")
        for one in shown:
            names = {"truth": _name(one.truth), "predicted": _name(one.predicted)}
            values = {"rows": one.rows, "of_class": one.of_class}
            show.tell(out, "  " + say("evaluate.confusion.pair", **names, **values))
    out.print()


def _matrix(matrix: "ConfusionMatrix") -> "WholeWords":
    """Return the confusion matrix: a line a true class, a column a predicted one."""
    from rich.text import Text

    table = show.plain_table()
    table.add_column(say("evaluate.confusion.corner"), no_wrap=True)
    for name in matrix.classes:
        table.add_column(_name(name), justify="right", no_wrap=True)
    for place, (name, counts) in enumerate(zip(matrix.classes, matrix.counts, strict=True)):
        cells = [say("words.shape.count", value=count) if count else "·" for count in counts]
        marked = [Text(cell, "bold" if at == place else "") for at, cell in enumerate(cells)]
        table.add_row(_name(name), *marked)
    return table


def _by_class(measures: ClassMeasures) -> "WholeWords":
    table = show.plain_table()
    table.add_column(say("evaluate.column.class"), overflow="fold")
    for name in ("precision", "recall", "f1", "rows"):
        table.add_column(say(f"evaluate.column.{name}"), justify="right", no_wrap=True)
    shown: Sequence[OfClass] = measures.classes
    if len(shown) > MOST_CLASSES:
        shown = sorted(shown, key=lambda one: one.f1)[:WORST_CLASSES]
    for one in shown:
        shares = (one.precision, one.recall, one.f1)
        rows = say("words.shape.count", value=one.rows)
        table.add_row(_name(one.name), *map(_share, shares), rows)
    for name, average in (("macro", measures.macro), ("weighted", measures.weighted)):
        table.add_row(say(f"evaluate.{name}"), *_shares(average), "", style="dim")
    return table


def _shares(average: Average) -> list[str]:
    return [_share(value) for value in average]


def _share(value: float | None) -> str:
    return "–" if value is None else say("evaluate.share", value=100 * value)


def _tell_mistakes(out: "Console", evaluation: OfClasses) -> None:
    out.print()
    if not evaluation.mistakes:
        key = "evaluate.mistakes.none" if evaluation.part == VALIDATION else "test_set.no_mistake"
        show.tell(out, say(key, rows=evaluation.measures.rows))
        return
    if not evaluation.worst:
        return
    title = say(
        "evaluate.mistakes.title", count=len(evaluation.mistakes), of=evaluation.measures.rows
    )
    show.tell(out, title, style="bold")
    for one in evaluation.worst:
        names = {"row": printable(one.row), "truth": _name(one.truth)}
        names["predicted"] = _name(one.predicted)
        show.tell(out, say("evaluate.mistakes.one", **names, sure=100 * one.confidence))
        _tell_row(out, evaluation.rows, one.row)
    if evaluation.rows.why_not:
        show.tell(out, say("evaluate.no_rows", why=evaluation.rows.why_not), style="yellow")


def _of_numbers(evaluation: OfNumbers, out: "Console") -> None:
    measures = evaluation.measures
    target = printable(evaluation.target)
    out.print()
    show.tell(out, say("evaluate.title", rows=measures.rows), style="bold")
    for name in ("mae", "rmse"):
        key = name if target else f"{name}_unnamed"
        value = amount(getattr(measures, name))
        show.tell(out, say(f"evaluate.numbers.{key}", value=value, target=target))
    if measures.r2 is not None:
        show.tell(out, say("evaluate.numbers.r2", value=measures.r2))
    if evaluation.worst:
        out.print()
        tell_errors(out, evaluation)


def tell_errors(out: "Console", evaluation: OfNumbers) -> None:
    """Show the largest errors, with their rows."""
    show.tell(out, say("evaluate.numbers.title"), style="bold")
    for one in evaluation.worst:
        numbers = {name: amount(getattr(one, name)) for name in ("truth", "predicted")}
        error = amount(one.error, signed=True)
        show.tell(out, say("evaluate.numbers.one", row=printable(one.row), error=error, **numbers))
        _tell_row(out, evaluation.rows, one.row)
    if evaluation.rows.why_not:
        show.tell(out, say("evaluate.no_rows", why=evaluation.rows.why_not), style="yellow")


def _tell_row(out: "Console", rows: "DataRows", name: str) -> None:
    found = rows.rows.get(name)
    if found is None:
        return
    words = found.text or " · ".join(f"{n} {_cell(v)}" for n, v in found.columns.items())
    if words:
        show.tell(out, "    " + _cut(printable(words), LONGEST_TEXT), style="dim")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _cut(text: str, longest: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _name(name: str) -> str:
    return _cut(printable(name), LONGEST_NAME)
