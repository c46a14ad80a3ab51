"""How good the model is, where it is wrong, and how far its probabilities can be believed."""

import statistics
from collections.abc import Iterator, Sequence

from apprenti.components import bars, heatmap, reliability, scatter, svg
from apprenti.components.blocks import Block, Chart, Column, Heading, Pictures, Points, Table, Text
from apprenti.errors import ApprentiError
from apprenti.evaluate.evaluation import Evaluation, OfClasses, OfNumbers
from apprenti.evaluate.intervals import of_share
from apprenti.evaluate.measured import Measured, amount
from apprenti.evaluate.mistakes import Prediction, predictions
from apprenti.evaluate.parts import TEST, VALIDATION, Part
from apprenti.evaluate.test_set import TestEvaluation
from apprenti.language import say
from apprenti.report.sections.diagnosis import in_parts
from apprenti.report.sections.models import verdicts_table
from apprenti.report.seen import Seen
from apprenti.report.thumbnails import of_mistakes
from apprenti.report.written import (
    NOTHING,
    between,
    columns,
    count,
    missing,
    notice,
    number,
    share,
    told,
)
from apprenti.runs import Run

MOST_CLASSES, MOST_PAIRS, MOST_MEASURES, LONGEST = 40, 20, 80, 300
BINS = 10
FEWEST = 5
"""Predictions that a bin needs to be drawn."""


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield what the run says of the test set, if it was opened, and of the validation set."""
    if not seen.run:
        yield missing("run", "apprenti train")
        return
    yield from _test(seen, seen.run)
    yield Heading(told("evaluation.on_validation"))
    try:
        found = seen.evaluation
    except ApprentiError as error:
        yield in_parts(error)
        return
    if found is None:
        yield missing("predictions")
        return
    yield Text(told("evaluation.validation_is", rows=found.measures.rows))
    if seen.measures:
        yield _measured(seen.measures, found.measures.rows)
    yield from of_part(found, predictions(seen.run), VALIDATION, not seen.measures)


# The test set


def _test(seen: Seen, run: Run) -> Iterator[Block]:
    try:
        found = seen.test
    except ApprentiError as error:
        yield in_parts(error)
        return
    if found is None:
        yield missing("test", seen.command("evaluate"))
        return
    yield Heading(told("evaluation.on_test"))
    opened = {"at": found.opening.at, "number": found.opening.number}
    key = "test_chosen" if found.selected_on_test else "test_is"
    yield Text(told(f"evaluation.{key}", rows=found.rows, **opened))
    if found.selected_on_test:
        yield notice("warning", say("ledger.why_selected"))
    if found.edited:
        yield notice("problem", told("evaluation.edited", names=", ".join(found.edited)))
    yield _measured(found.measures, found.rows)
    yield from _optimism(found)
    yield from _against(seen, found)
    yield from of_part(found.evaluation, predictions(run, TEST), TEST, False)
    yield from _slices(found)


def _measured(measures: Sequence[Measured], rows: int) -> Table:
    lines = [
        (
            one.title,
            one.written(one.value) or NOTHING,
            NOTHING
            if one.low is None or one.high is None
            else between(one.written(one.low), one.written(one.high)),
            one.reason,
        )
        for one in measures[:MOST_MEASURES]
    ]
    names = ("measure", "value", "interval", "remark")
    heads = columns(*names, numbers=("value", "interval"))
    return Table(told("evaluation.measures", rows=rows), heads, lines)


def _optimism(found: TestEvaluation) -> Iterator[Block]:
    """Say how the validation figure stands to that of the test set."""
    named = found.main.name if found.main else ""
    told_of = [one.sentence for one in found.optimism if one.name == named and not one.of]
    if told_of:
        yield Text(" ".join(told_of))


def _slices(found: TestEvaluation) -> Iterator[Block]:
    """Yield what the probabilities are worth, what the costs ask for, and the weak segments."""
    if found.calibration:
        yield Points(found.calibration.sentences)
    if found.threshold:
        yield Heading(told("evaluation.threshold"))
        yield Points([one.strip() for one in found.threshold.sentences])
    segments = found.segments
    if segments is not None:
        yield Heading(told("evaluation.segments"))
        if segments.why_not:
            yield Text(say("test_set.columns_not_looked_at", why=segments.why_not), is_quiet=True)
        if segments.looks:
            yield Points(segments.sentences)


def _against(seen: Seen, found: TestEvaluation) -> Iterator[Block]:
    facts = {one.name: one for one in seen.every}
    held = [one for one in found.verdicts if one.other in facts]
    if held:
        yield Text(told("evaluation.paired", rows=held[0].rows))
        yield verdicts_table(held, facts)
    if found.left_out:
        yield notice("warning", told("evaluation.left_out", names=", ".join(found.left_out)))


def of_part(
    found: Evaluation, made: Sequence[Prediction], of: Part, with_measures: bool = True
) -> Iterator[Block]:
    """Yield the measures, the pictures and the mistakes of one set of rows."""
    if isinstance(found, OfClasses):
        if with_measures:
            yield _measures_of_classes(found)
        yield from _of_classes(found, made, of.name)
    else:
        if with_measures:
            yield _measures_of_numbers(found)
        yield from _of_numbers(found, of.name)


# Classes


def _measures_of_classes(found: OfClasses) -> Table:
    measures = found.measures
    right = round(measures.accuracy * measures.rows)
    low, high = of_share(right, measures.rows)
    rows = [(say("words.accuracy"), share(measures.accuracy), between(share(low), share(high)))]
    for name, average in (("macro", measures.macro), ("weighted", measures.weighted)):
        for measure, value in average._asdict().items():
            label = told(
                "evaluation.averaged",
                measure=say(f"evaluate.column.{measure}"),
                how=say(f"evaluate.{name}"),
            )
            rows.append((label, share(value), NOTHING))
    if measures.auc is not None:
        rows.append((told("evaluation.auc"), number(measures.auc), NOTHING))
    heads = columns("measure", "value", "interval", numbers=("value", "interval"))
    return Table(told("evaluation.measures", rows=measures.rows), heads, rows)


def _of_classes(found: OfClasses, made: Sequence[Prediction], part: str) -> Iterator[Block]:
    yield from _matrix(found, part)
    yield _by_class(found, part)
    if chart := calibration(made, part):
        yield chart
    yield from _mistakes(found)


def _matrix(found: OfClasses, part: str) -> Iterator[Block]:
    names, counts = found.matrix
    if len(names) > 1:
        title = told("evaluation.confusion", rows=found.measures.rows)
        pairs = [
            (one.truth, one.predicted, count(one.rows), share(one.rows / max(1, one.of_class)))
            for one in found.confusions[:MOST_PAIRS]
        ]
        axes = say("evaluate.confusion.predicted"), say("evaluate.confusion.truth")
        described = told("evaluation.confusion_say", wrong=len(found.mistakes))
        if found.confusions:
            described += " " + say("evaluate.confusion.pair", **found.confusions[0]._asdict()) + "."
        drawn = heatmap.heatmap(f"confusion-{part}", title, described, names, counts, axes)
        caption = f"{title}. {told('evaluation.shades')}"
        yield Chart(svg.write(drawn), caption, _counts(found, title), told("behind"))
        if pairs:
            heads = columns("truth", "predicted", "rows", "of_class", numbers=("rows", "of_class"))
            yield Table(told("evaluation.pairs"), heads, pairs)


def _counts(found: OfClasses, title: str) -> Table:
    names, counts = found.matrix
    shown = names[:MOST_CLASSES]
    heads = [Column(told("column.truth")), *(Column(name, True) for name in shown)]
    rows = [
        (name, *map(count, line[:MOST_CLASSES])) for name, line in zip(shown, counts, strict=False)
    ]
    return Table(title, heads, rows)


def _by_class(found: OfClasses, part: str) -> Chart:
    classes = sorted(found.measures.classes, key=lambda one: one.f1)[:MOST_CLASSES]
    rows = [
        bars.Bars(
            one.name,
            [one.precision or 0.0, one.recall or 0.0],
            [share(one.precision), share(one.recall)],
        )
        for one in classes
    ]
    title = told("evaluation.by_class")
    groups = [say("evaluate.column.precision"), say("evaluate.column.recall")]
    lowest = classes[0]
    described = told("evaluation.by_class_say", name=lowest.name, f1=share(lowest.f1))
    drawn = bars.bars(f"classes-{part}", title, described, rows, groups)
    names = ("class", "precision", "recall", "f1", "auc", "rows")
    table = [
        (
            one.name,
            share(one.precision),
            share(one.recall),
            share(one.f1),
            number(one.auc),
            count(one.rows),
        )
        for one in classes
    ]
    heads = columns(*names, numbers=names[1:])
    return Chart(
        svg.write(drawn), f"{title}. {described}", Table(title, heads, table), told("behind")
    )


def calibration(made: Sequence[Prediction], part: str) -> Chart | None:
    """Return how often predictions are right that are about as sure; None where none says it."""
    known = [one for one in made if 0 <= one.confidence <= 1]
    groups: dict[int, list[Prediction]] = {}
    for one in known:
        groups.setdefault(min(BINS - 1, int(one.confidence * BINS)), []).append(one)
    bins = []
    for _, group in sorted(groups.items()):
        right = sum(one.is_right for one in group)
        said = statistics.fmean(one.confidence for one in group)
        bins.append(
            reliability.Bin(said, right / len(group), *of_share(right, len(group)), len(group))
        )
    shown = [one for one in bins if one.rows >= FEWEST]
    if not shown:
        return None
    title = told("evaluation.calibration")
    last = shown[-1]
    described = told(
        "evaluation.calibration_say", said=share(last.said), seen=share(last.seen), rows=last.rows
    )
    axes = told("evaluation.said"), told("evaluation.seen"), told("evaluation.how_many")
    drawn = reliability.reliability(f"calibration-{part}", title, described, shown, axes)
    rows = [
        (
            share(one.said),
            share(one.seen),
            between(share(one.low), share(one.high)),
            count(one.rows),
        )
        for one in bins
    ]
    names = ("said", "seen_right", "interval", "rows")
    table = Table(title, columns(*names, numbers=names), rows)
    return Chart(svg.write(drawn), f"{title} {described}", table, told("behind"))


def _mistakes(found: OfClasses) -> Iterator[Block]:
    yield Heading(told("evaluation.mistakes"))
    if not found.mistakes:
        yield Text(say("evaluate.mistakes.none", rows=found.measures.rows))
        return
    yield Text(told("evaluation.mistakes_are", count=len(found.mistakes), of=found.measures.rows))
    pictures = of_mistakes(found)
    if pictures:
        yield Pictures(pictures)
    rows = [
        (one.row, one.truth, one.predicted, share(one.confidence), _row(found, one.row))
        for one in found.worst
    ]
    named = any(row[-1] for row in rows)
    names = ("row", "truth", "predicted", "confidence", *(("content",) if named else ()))
    heads = columns(*names, numbers=("confidence",))
    yield Table(told("evaluation.mistakes_table"), heads, [row[: len(names)] for row in rows])
    if found.rows.why_not:
        yield Text(say("evaluate.no_rows", why=found.rows.why_not), is_quiet=True)
    elif named or pictures:
        yield Text(told("evaluation.personal"), is_quiet=True)


def _row(found: Evaluation, name: str) -> str:
    """Return what stands in a row of the data, in one line."""
    of = found.rows.rows.get(name)
    if of is None:
        return ""
    cells = (f"{column} {_cell(value)}" for column, value in of.columns.items())
    return svg.cut(of.text or " · ".join(cells), LONGEST)


def _cell(value: object) -> str:
    if value is None:
        return NOTHING
    return number(float(value)) if isinstance(value, int | float) else str(value)


# Numbers


def _measures_of_numbers(found: OfNumbers) -> Table:
    measures = found.measures
    rows = [(say("words.r2"), number(measures.r2), NOTHING)]
    rows += [
        (told(f"evaluation.{name}"), number(getattr(measures, name)), NOTHING)
        for name in ("mae", "rmse")
    ]
    heads = columns("measure", "value", "interval", numbers=("value", "interval"))
    return Table(told("evaluation.measures", rows=measures.rows), heads, rows)


def _of_numbers(found: OfNumbers, part: str) -> Iterator[Block]:
    yield from _scattered(found, part)
    yield Heading(told("evaluation.largest"))
    table = [
        (
            one.row,
            number(one.truth),
            number(one.predicted),
            amount(one.error, signed=True),
            _row(found, one.row),
        )
        for one in found.worst
    ]
    names = ("row", "truth", "predicted", "error", "content")
    heads = columns(*names, numbers=("truth", "predicted", "error"))
    yield Table(told("evaluation.largest"), heads, table)
    if found.rows.why_not:
        yield Text(say("evaluate.no_rows", why=found.rows.why_not), is_quiet=True)
    else:
        yield Text(told("evaluation.personal"), is_quiet=True)


def _scattered(found: OfNumbers, part: str) -> Iterator[Chart]:
    target = found.target or told("evaluation.target")
    names = [say(f"evaluate.numbers.{name}", target=target) for name in ("truth", "predicted")]
    points = [(one.truth, one.predicted) for one in found.estimates]
    marked = [(one.truth, one.predicted) for one in found.worst]
    rows = found.measures.rows
    title = told("evaluation.against", rows=rows)
    described = told("evaluation.against_say", mae=number(found.measures.mae))
    drawn = scatter.scatter(
        f"against-{part}",
        title,
        described,
        points,
        (names[0], names[1]),
        diagonal=True,
        marked=marked,
    )
    table = _quantiles(found, title)
    yield Chart(svg.write(drawn), f"{title}. {told('evaluation.line')}", table, told("behind"))
    title = told("evaluation.residuals", rows=rows)
    errors = [(one.predicted, one.error) for one in found.estimates]
    axes = names[1], told("evaluation.error")
    drawn = scatter.scatter(f"residuals-{part}", title, described, errors, axes, level=0.0)
    yield Chart(svg.write(drawn), f"{title}. {told('evaluation.no_shape')}", table, told("behind"))


def _quantiles(found: OfNumbers, title: str) -> Table:
    """Return the errors by fifths of the true values: how large, and on which side."""
    ordered = sorted(found.estimates, key=lambda one: one.truth)
    fifths = min(5, len(ordered))
    rows = []
    for place in range(fifths):
        group = ordered[place * len(ordered) // fifths : (place + 1) * len(ordered) // fifths]
        errors = [one.error for one in group]
        rows.append(
            (
                say("data.range", low=number(group[0].truth), high=number(group[-1].truth)),
                count(len(group)),
                amount(statistics.fmean(errors), signed=True),
                number(statistics.fmean(map(abs, errors))),
                number(max(map(abs, errors))),
            )
        )
    names = ("truth", "rows", "mean_error", "mean_distance", "largest")
    return Table(title, columns(*names, numbers=names[1:]), rows)
