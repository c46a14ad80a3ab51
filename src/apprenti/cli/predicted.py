"""Predictions on the screen: the first rows as a table, and what is to be known of all of them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.cli.show import plain_table
from apprenti.evaluate.new_rows import NEW, PARTS, Measured, Score
from apprenti.language import say
from apprenti.measures import ACCURACY, R2, measure_named
from apprenti.predict.columns import added, beside
from apprenti.predict.known_rows import TEST, TRAIN, VALID
from apprenti.predict.predictions import Predictions
from apprenti.printable import printable

if TYPE_CHECKING:
    from rich.table import Table

SHOWN = 20
"""Rows on the screen; all of them are in the file or the JSON object."""

MOST_CLASSES, NEXT = 4, 2
"""So many classes have a column of their own; of more, so many are named after the first."""

STREAM = "-"
"""Instead of the name of a file: standard input, or standard output."""

MOST_NAMED, MOST_ADDED = 3, 5
"""So many columns are named in which something stands that the model cannot know, and so many of
those that are added."""

LONGEST = 32
"""Signs of a class, or of the name of a row."""

NEARLY = 0.0005
"""A probability this near to 0 or 1 is not told as 0 or 1: no model is sure."""

MEASURES = {ACCURACY: "", "mae": "MAE", "rmse": "RMSE", R2: "R²"}
"""Those that are shown, with the signs that all languages have for them."""

Columns = dict[str, list[str]]


def table(found: Predictions, width: int) -> "Table":
    """Return the first rows: prediction, truth where it is there, probabilities, doubts."""
    wide = {**_rows(found), **_classes(found)}
    narrow = {**_rows(found), **_most_probable(found)}
    columns = wide if _classes(found) and _width(wide) <= width else narrow
    shown = plain_table()
    for name, cells in columns.items():
        is_number = all(cell[:1].isdigit() or cell[:1] in "<>(-" for cell in cells)
        shown.add_column(name, justify="right" if is_number else "left", overflow="fold")
    for row in zip(*columns.values(), strict=True):
        shown.add_row(*row)
    return shown


def _width(columns: Columns) -> int:
    from rich.cells import cell_len

    return sum(1 + max(map(cell_len, (name, *cells))) for name, cells in columns.items())


def _rows(found: Predictions) -> Columns:
    lines = found.answers.head(SHOWN)
    columns = {}
    if len(found.parts) > 1:
        columns["file"] = [*lines["file"]]
    columns |= {"row": [*map(str, lines["row"])], "predicted": [*lines["predicted"]]}
    if "truth" in lines:
        columns["truth"] = [*lines["truth"]]
    told = {name: [_told(found, cell) for cell in cells] for name, cells in columns.items()}
    if any(found.doubts[:SHOWN]):
        told["doubts"] = [_doubt(one) for one in found.doubts[:SHOWN]]
        if found.classes is None:
            told["predicted"] = [*map(_in_doubt, told["predicted"], found.doubts)]
    return {say(f"predict.column.{name}"): cells for name, cells in told.items()}


def _doubt(columns: Sequence[str]) -> str:
    named = ", ".join(columns[:MOST_NAMED])
    more = "…" if len(columns) > MOST_NAMED else ""
    return printable(f"! {named}{more}") if columns else ""


def _in_doubt(written: str, doubts: Sequence[str]) -> str:
    return f"({written})" if doubts else written


def _told(found: Predictions, cell: Any) -> str:
    """Return a prediction, a truth or the name of a row in few signs; of a long name the end."""
    if cell is None:
        return ""
    if isinstance(cell, float) and found.classes is None:
        return _number(found, cell)
    text = printable(str(cell))
    return text if len(text) <= LONGEST else f"…{text[1 - LONGEST :]}"


def _number(found: Predictions, value: float) -> str:
    places = {"value": value, "decimals": found.decimals}
    return say("predict.number", **places)


def _classes(found: Predictions) -> Columns:
    """Return a column for each class, where they are few."""
    if found.probabilities is None or len(found.probabilities.columns) > MOST_CLASSES:
        return {}
    lines = found.probabilities.head(SHOWN)
    return {
        say("predict.column.class", name=_told(found, name)): [*map(_share, column, found.doubts)]
        for name, column in lines.items()
    }


def _most_probable(found: Predictions) -> Columns:
    """Return the confidence, and the classes that come next."""
    if "confidence" not in found.answers:
        return {}
    lines = found.answers["confidence"].head(SHOWN)
    columns = {say("predict.column.confidence"): [*map(_share, lines, found.doubts)]}
    if found.probabilities is not None and len(found.probabilities.columns) > 2:
        shares = found.probabilities.head(SHOWN).to_numpy()
        columns[say("predict.column.next")] = [_next(found, row) for row in shares]
    return columns


def _next(found: Predictions, row: Any) -> str:
    assert found.probabilities is not None  # noqa: S101
    names = [*found.probabilities.columns]
    order = sorted(range(len(names)), key=lambda place: -row[place])[1 : NEXT + 1]
    return " · ".join(f"{_told(found, names[one])} {_share(row[one])}" for one in order)


def _share(value: float, doubts: Sequence[str] = ()) -> str:
    """Return a probability as people read it, in brackets where nothing stands behind it."""
    if value > 1 - NEARLY:
        written = say("predict.above", value=1 - 2 * NEARLY)
    elif value < NEARLY:
        written = say("predict.below", value=2 * NEARLY)
    else:
        written = say("predict.share", value=value)
    return _in_doubt(written, doubts)


# What is said of all rows


def told(found: Predictions, score: Score | None, out: Path | None) -> Iterator[str]:
    """Yield where the others are, what the model knew of them, and how right it is."""
    more = len(found.answers) - SHOWN
    if more > 0 and not out:
        yield say("predict.more", count=more)
    if any(found.doubts):
        yield say("predict.doubtful", count=sum(map(bool, found.doubts)))
    if out:
        yield from _of_file(found, out)
    if score is not None:
        yield from _of_score(found, score)
    yield from _of_known(found, score)


def _of_file(found: Predictions, out: Path) -> Iterator[str]:
    taken = _given_columns(found)
    new = [*added(found, taken).columns]
    if str(out) != STREAM:
        names = ", ".join(new[:MOST_ADDED]) + (", …" if len(new) > MOST_ADDED else "")
        yield say("predict.written", path=out, count=len(found.answers), names=names)
    if found.name in taken:
        yield say("predict.renamed", name=found.name, other=new[0])


def _given_columns(found: Predictions) -> list[str]:
    return [str(name) for part in found.parts if part.table for name in part.table.frame.columns]


def _of_score(found: Predictions, score: Score) -> Iterator[str]:
    parts = score.parts or {"all": score.all}
    yield say("predict.score.title")
    for name in (*PARTS, "all"):
        if name in parts:
            rows = parts[name]["rows"]
            words = say(f"predict.score.{name}", count=rows)
            yield f"  {words} {' · '.join(_measures(found, parts[name]))}"
    if score.without_target:
        yield say("predict.score.without_target", count=score.without_target)
    if score.unknown_classes:
        yield say("predict.score.unknown_classes", count=score.unknown_classes)


def _measures(found: Predictions, measured: Measured) -> Iterator[str]:
    for name, sign in MEASURES.items():
        if measured.get(name) is None:
            continue
        value = _measure(found, name, measured[name])
        words = say("predict.score.measure", name=sign or say("words.accuracy"), value=value)
        if ends := measured["intervals"].get(name):
            low, high = (_measure(found, name, end) for end in ends)
            words += " " + say("predict.score.interval", low=low, high=high)
        yield words


def _measure(found: Predictions, name: str, value: float) -> str:
    if name in ("mae", "rmse"):
        return _number(found, value)
    return (
        say("predict.share", value=value)
        if name == ACCURACY
        else measure_named(name).written(value)
    )


def _of_known(found: Predictions, score: Score | None) -> Iterator[str]:
    """Yield what the model knew of these rows, and what its score therefore says."""
    if found.known.parts is None:
        if score is not None:
            yield say(f"predict.known.{found.known.reason}")
        return
    counts, rows = found.known.counts(), len(found.answers)
    values = {"train": counts[TRAIN], "valid": counts[VALID], "rows": rows}
    if counts[TRAIN] + counts[VALID]:
        yield say("predict.known.some", **values)
    elif score is not None:
        yield say("predict.known.none")
    if score is not None and counts[TRAIN] + counts[VALID]:
        yield say("predict.known.only_new" if NEW in score.parts else "predict.known.nothing_new")
    if score is not None and counts[TEST]:
        yield say("predict.known.test", count=counts[TEST])


def as_json(
    found: Predictions, score: Score | None, out: Path | None, picture: Path | None
) -> Mapping[str, Any]:
    """Return all of it: numbers as numbers, an object for each row."""
    written = None
    if out:
        written = {"path": str(out), "columns": [str(name) for name in beside(found).columns]}
    measured = score.as_json() if score else None
    drawn = [one.as_json() for one in found.drawn]
    told = {"drawings": drawn, "picture": str(picture) if drawn else None}
    return {**found.as_json(), "score": measured, "out": written, **told}
