"""The rows of a source that is no table of columns: their parts, and their labels counted."""

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.kinds import image_folder
from apprenti.data.kinds.rows import read_inputs, read_labels
from apprenti.data.source import Source, Table
from apprenti.data.split.parts import TEST, parts_of, parts_of_rows
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


class Rows(NamedTuple):
    """Inputs and one label each; of a test part that comes with the data, files of images alone."""

    inputs: "Array"
    """Numbers, or the paths of image files."""
    labels: "Array"
    parts: "Array"
    """The part of each row, as in data/split/parts.py."""
    contents: "Array"
    """One hash for each row: the same for exact copies."""
    names: "Array | None" = None
    """What each row is called, where it is a file."""
    target: str = "label"


def read(source: Source, data: DataSettings) -> Rows:
    """Return all the rows of a source that is no table, or is a table of images."""
    import numpy as np

    if source.contents:
        return _files(source, data)
    inputs, (names, answers) = read_inputs(source), read_labels(source)
    of = parts_of_rows(source, names, answers, data.split)
    contents = np.array([blake2b(row.tobytes(), digest_size=16).hexdigest() for row in inputs])
    return Rows(inputs, answers, of, contents)


def without_test(rows: Rows) -> tuple[Rows, int]:
    """Return the rows but those of the test part, and how many these are."""
    seen = rows.parts != TEST
    names = None if rows.names is None else rows.names[seen]
    inputs, labels = rows.inputs[seen], rows.labels[seen]
    kept = Rows(inputs, labels, rows.parts[seen], rows.contents[seen], names, rows.target)
    return kept, int((~seen).sum())


def _files(source: Source, data: DataSettings) -> Rows:
    import numpy as np

    target = source.table.columns.target if source.table else "label"
    if source.table:
        folder = source.path.parent
        names, answers, of = _of_table(source.table, data)
    else:
        folder, (names, answers) = source.path, image_folder.names_and_labels(source)
        of = parts_of_rows(source, names, answers, data.split)
        others, their_answers = image_folder.of_test(source)
        names, answers = np.append(names, others), np.append(answers, their_answers)
        of = np.append(of, np.full(len(others), TEST, of.dtype))
    files = np.array([folder / name for name in names])
    return Rows(files, answers, of, np.array(source.contents), names, target)


def _of_table(table: Table, data: DataSettings) -> tuple["Array", "Array", "Array"]:
    """Return the names, the answers and the parts of the rows that have an answer."""
    target = table.columns.target
    answered = table.frame[target].notna().to_numpy()
    names = table.frame[str(table.columns.image)][answered].to_numpy(object)
    answers = table.frame[target][answered].to_numpy()
    return names, answers, parts_of(table, data.split, data)[answered]


def class_counts(labels: "Array") -> tuple[tuple[str, int], ...]:
    """Return each class with its rows, the largest first."""
    import numpy as np

    names, counts = np.unique(labels, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return tuple((str(names[place]), int(counts[place])) for place in order)


def answers(rows: Rows, task: str) -> dict[str, Any]:
    """Return what the answers are: rows by class, or what numbers are about."""
    import numpy as np

    told: dict[str, Any] = {"target": rows.target, "classes": ()}
    if task == "classification":
        return {**told, "classes": class_counts(rows.labels)}
    numbers = rows.labels.astype(float)
    found = {
        "lowest": float(numbers.min()),
        "highest": float(numbers.max()),
        "mean": float(numbers.mean()),
        "median": float(np.median(numbers)),
    }
    return {**told, "answers": found}
