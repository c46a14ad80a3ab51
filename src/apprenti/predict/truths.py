"""The truth about new rows, where it is there: in the target's column, or in folders' names."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from apprenti.data.formats import is_image
from apprenti.data.kinds import arrays, idx, table
from apprenti.data.kinds.files import is_table
from apprenti.data.kinds.values import as_read, tidy
from apprenti.data.kinds.written import NUMBER, Written
from apprenti.predict import tables
from apprenti.predict.given import Given
from apprenti.predict.notes import Seen
from apprenti.predict.opened import Opened
from apprenti.predict.tables import Table

if TYPE_CHECKING:
    import pandas as pd


def find(opened: Opened, given: Given, seen: Seen, names: Sequence[str]) -> list[Any] | None:
    """Return the truth of each row, None where it is not known; None where it is of none of them.

    `names` is what the script calls the rows. A class that the model does not know is a text.
    """
    found: list[Any] | None
    if opened.material.reading == "image_folder":
        is_one = given.path.is_file() and is_image(given.path.name)
        found = _of_folders(opened, [given.path.as_posix()] if is_one else names)
    elif opened.target is not None:
        found = _of_table(opened, table_of(opened, given))
    else:
        found = _of_arrays(opened, given, seen)
    if found is None or len(found) != len(names) or all(one is None for one in found):
        return None
    return found


def table_of(opened: Opened, given: Given) -> Table | None:
    """Return the table that is given, where one is: its rows, or the names of its images."""
    if given.table is not None or not given.path.is_file() or not is_table(given.path):
        return given.table
    how = tables.how_written(given.path, opened.settings)
    return Table(given.path, table.read(given.path, how).reset_index(drop=True), how)


def _of_table(opened: Opened, new: Table | None) -> list[Any] | None:
    if new is None or opened.target not in new.frame.columns:
        return None
    decimal = "." if new.reading is None else str(new.reading.settings.get("decimal", "."))
    return of_column(opened, new.frame[opened.target], decimal)


def of_column(opened: Opened, column: "pd.Series[Any]", decimal: str = ".") -> list[Any]:
    """Return what stands in the column of the target, as the model knows it.

    `decimal` is the decimal mark of the file.
    """
    column = column.where(~column.isin([*opened.settings.get("missing", ()), ""]))
    known = {str(name): how for name, *how in opened.training.get("numbers", ())}
    known |= {str(name): [".", "", ""] for name in opened.training.get("among_words", ())}
    how = known.get(str(opened.target), (decimal, "", ""))
    if opened.classes is None:
        numbers = as_read(column, Written(NUMBER, *how)).astype(float)
        return [None if number != number else float(number) for number in numbers]
    united = {str(other): str(word) for other, word in opened.settings.get("unite", ())}
    words = tidy(column)
    return as_classes(opened.classes, words.replace(united).tolist(), how[0])


def as_classes(classes: Sequence[Any], words: Sequence[Any], decimal: str = ".") -> list[Any]:
    """Return the class that each word names, the word itself where no class has this name."""
    known: dict[Any, Any] = {str(one).strip(): one for one in classes}
    known |= {str(one).casefold(): one for one in classes if isinstance(one, bool)}
    numbers = {float(one): one for one in classes if _is_number(one)}
    return [_as_class(word, known, numbers, decimal) for word in words]


def _as_class(
    word: Any, known: Mapping[Any, Any], numbers: Mapping[float, Any], decimal: str
) -> Any:
    if not isinstance(word, str):
        return None if word is None or word != word else known.get(str(word), str(word))
    found = known.get(word, known.get(word.casefold()))
    if found is None and numbers:
        try:
            return numbers.get(float(word.replace(decimal, ".")), word)
        except ValueError:
            return word
    return word if found is None else found


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _of_folders(opened: Opened, names: Sequence[str]) -> list[Any]:
    """Return for each image the class after which its folder is named, None where it is none."""
    classes = {str(one): one for one in opened.classes or ()}
    return [classes.get(PurePosixPath(name).parent.name) for name in names]


def _of_arrays(opened: Opened, given: Given, seen: Seen) -> list[Any] | None:
    if given.path.suffix == ".npz":
        name = str(opened.training.get("labels_array", "y"))
        usual = [name, *(labels for _, labels in arrays.ARRAY_NAMES)]
        there = arrays.names_in(given.path)
        name = next((one for one in usual if one in there), "")
        if not name or name == seen.settings.get("inputs_array"):
            return None
        labels = arrays.read(given.path, name)
    else:
        beside = given.path.with_name(given.path.name.replace("images-idx3", "labels-idx1"))
        if beside == given.path or not beside.is_file():
            return None
        labels = idx.read_idx(beside)
    if labels.ndim != 1:
        return None
    if opened.classes is None:
        return [None if label != label else float(label) for label in labels.astype(float)]
    return as_classes(opened.classes, labels.tolist())
