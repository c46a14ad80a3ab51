"""How sure a run was of each class, row by row: from its table, or of many classes their file."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.language import say
from apprenti.run_files import LARGEST_TABLE, Needed, read_json
from apprenti.runs import IN_MODEL, MODEL, Run

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    Array = np.ndarray[Any, Any]

COLUMN = "probability_"


class Probabilities(NamedTuple):
    """One row a row of the part, one column a class."""

    classes: tuple[str, ...]
    """In the order in which the model has them."""
    of_rows: "Array | None"
    """None where the run did not leave them."""

    def among(self, classes: Sequence[str]) -> "Array | None":
        """Return them with a column for each of more classes, in that order: 0 where unknown."""
        import numpy as np

        if self.of_rows is None:
            return None
        every: Array = np.zeros((len(self.of_rows), len(classes)))
        every[:, [classes.index(name) for name in self.classes]] = self.of_rows
        return every


def read(run: Run, rows: Sequence[Mapping[str, str]], part: Part = VALIDATION) -> Probabilities:
    """Return the probabilities of a run, whose table of predictions of a part has these rows.

    Of two classes, that of the one that is predicted says both.
    """
    import numpy as np

    columns = [name for name in rows[0] if name and name.startswith(COLUMN)]
    if columns:
        table = [[number(row[name]) for name in columns] for row in rows]
        return Probabilities(tuple(name.removeprefix(COLUMN) for name in columns), np.array(table))
    left = of_file(run, len(rows), part)
    return Probabilities(*left) if left else _of_confidence(rows)


def of_file(run: Run, rows: int, part: Part = VALIDATION) -> "tuple[tuple[str, ...], Array] | None":
    """Return the classes and probabilities that a run of many classes left in a file, if it did."""
    path = run.folder / part.probabilities
    if not path.exists():
        return None
    model = read_json(run.folder / MODEL, {**IN_MODEL, "classes": Needed(IN_MODEL["classes"])})
    classes = tuple(str(name) for name in model.get("classes", []))
    return classes, _read(path, (rows, len(classes)))


def _of_confidence(rows: Sequence[Mapping[str, str]]) -> Probabilities:
    import numpy as np

    seen = {row[name] for row in rows for name in ("truth", "predicted")}
    classes = tuple(sorted(seen, key=in_order))
    if len(classes) != 2:
        return Probabilities(classes, None)
    sure = np.array([number(row["confidence"]) for row in rows])
    second = np.array([row["predicted"] == classes[1] for row in rows])
    of_second = np.where(second, sure, 1 - sure)
    return Probabilities(classes, np.column_stack([1 - of_second, of_second]))


def in_order(name: str) -> tuple[bool, float, str]:
    """Sort numbers by their size, and before words."""
    value = number(name)
    is_word = value != value
    return is_word, 0.0 if is_word else value, name


def number(written: str | None) -> float:
    """Return a number as predictions.csv has it; what is none is not a number."""
    try:
        return float(written or "nan")
    except ValueError:
        return float("nan")


def _read(path: "Path", shape: tuple[int, int]) -> "Array":
    import zipfile

    import numpy as np

    try:
        with zipfile.ZipFile(path) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > LARGEST_TABLE:
                raise RunDamaged(path, say("runs.damage.too_large"))
        with np.load(path, allow_pickle=False) as arrays:
            found: Array = arrays["probabilities"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise RunDamaged(path, error) from None
    if found.shape != shape or found.dtype.kind != "f":
        raise RunDamaged(path, say("runs.damage.wrong", place="probabilities"))
    return found
