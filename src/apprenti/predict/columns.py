"""What stands in a file of predictions: the columns that were given, and those that are added."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds.values import as_read
from apprenti.data.kinds.written import NUMBER
from apprenti.predict.predictions import PROBABILITY, Part, Predictions

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE, DOUBTS = "confidence", "doubts"

PLAIN_INTEGER, PLAIN_NUMBER = r"-?(?:0|[1-9]\d{0,14})", r"-?(?:0|[1-9]\d*)(?:\.\d+)?"
"""What is a number and nothing else: no code such as 01000."""


def added(found: Predictions, taken: Iterable[str] = ()) -> "pd.DataFrame":
    """Return the predictions under the names that they have in a file, none of which is `taken`.

    The first is called as the target is, or else survived_predicted, survived_predicted_2...
    """
    import pandas as pd

    names = free(list(_wanted(found)), taken)
    columns: list[Any] = [found.answers["predicted"]]
    if CONFIDENCE in found.answers:
        columns.append(found.answers[CONFIDENCE])
    if found.probabilities is not None:
        columns += [column for _, column in found.probabilities.items()]
    if any(found.doubts):
        columns.append([", ".join(names) for names in found.doubts])
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def _wanted(found: Predictions) -> Iterable[tuple[str, str]]:
    """Yield the name of each column, and the one that it has where that is taken."""
    yield found.name, f"{found.name}_predicted"
    if CONFIDENCE in found.answers:
        yield CONFIDENCE, CONFIDENCE
    for one in () if found.probabilities is None else found.probabilities:
        yield f"{PROBABILITY}{one}", f"{PROBABILITY}{one}"
    if any(found.doubts):
        yield DOUBTS, DOUBTS


def free(wanted: Sequence[tuple[str, str]], taken: Iterable[str]) -> list[str]:
    """Return a name for each column that nothing else has: the first, the second, or a number."""
    used, names = {*taken}, []
    for name, instead in wanted:
        chosen = name if name not in used else instead
        number = 2
        while chosen in used:
            chosen, number = f"{instead}_{number}", number + 1
        used.add(chosen)
        names.append(chosen)
    return names


def beside(found: Predictions, typed: bool = False) -> "pd.DataFrame":
    """Return all that was given, in its order, and the predictions in columns after it.

    The cells are as they are written, or `typed`: numbers, where a column is one of numbers.
    """
    import pandas as pd

    pieces = [*_pieces(found, typed)]
    given = pd.concat(pieces, ignore_index=True) if pieces else _names_of_rows(found)
    return pd.concat([given, added(found, map(str, given.columns))], axis=1)


def _names_of_rows(found: Predictions) -> "pd.DataFrame":
    """Return what rows are called that are in no table."""
    names = ["file", "row"] if len(found.parts) > 1 else ["row"]
    return found.answers[names]


def _pieces(found: Predictions, typed: bool) -> "Iterable[pd.DataFrame]":
    """Yield the rows that were given, file by file; nothing where none of them is a table."""
    import pandas as pd

    if not any(part.table for part in found.parts):
        return
    for part in found.parts:
        count = len(part.rows)
        piece = part.table.frame if part.table else pd.DataFrame(index=range(count))
        if typed:
            piece = _typed(found, piece)
        if len(found.parts) > 1:
            (name,) = free([("file", "file")], map(str, piece.columns))
            piece = pd.concat([pd.Series([_file(part)] * count, name=name), piece], axis=1)
        yield piece


def _file(part: Part) -> str:
    return part.asked.given.name


def _typed(found: Predictions, frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a table with numbers as numbers, where all that is filled in is one."""
    made: Mapping[Any, Any] = {
        name: numbers
        for name in frame.columns
        if frame[name].dtype.kind == "O"
        and (numbers := _as_numbers(found, frame[name])) is not None
    }
    return frame.assign(**{str(name): column for name, column in made.items()})


def _as_numbers(found: Predictions, column: "pd.Series[Any]") -> "pd.Series[Any] | None":
    filled = column.dropna()
    if not len(filled) or not filled.map(lambda cell: isinstance(cell, str)).all():
        return None
    written = found.written.get(str(column.name))
    if written is not None:
        values = as_read(column, written) if written.kind == NUMBER else column
        is_read = written.kind == NUMBER and values.notna().sum() == len(filled)
    else:
        is_read = bool(filled.str.fullmatch(PLAIN_NUMBER).all())
        values = column.astype(float) if is_read else column
    if not is_read:
        return None
    is_whole = bool(filled.str.fullmatch(PLAIN_INTEGER).all())
    return values.astype("Int64") if is_whole else values
