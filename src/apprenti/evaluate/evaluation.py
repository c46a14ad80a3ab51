"""What a run says on the validation or on the test set: how good it is, and where most wrong.

All of it comes from what the run left (its predictions above all); the rows themselves from the
data of the project, while these are still the same. No framework is needed for it.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.errors import RunDamaged
from apprenti.evaluate import confusion, mistake_images, probabilities
from apprenti.evaluate import regression_measures as numbers
from apprenti.evaluate.class_measures import ClassMeasures
from apprenti.evaluate.class_measures import measure as measure_classes
from apprenti.evaluate.confusion import ConfusionMatrix, confusion_matrix
from apprenti.evaluate.data_rows import DataRow, DataRows, look_up
from apprenti.evaluate.mistakes import Confusion, Prediction, confusions, mistakes, predictions
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.regression_measures import Estimate, RegressionMeasures
from apprenti.language import say
from apprenti.runs import Run, read_rows
from apprenti.tasks import CLASSIFICATION, REGRESSION

WORST = 5
"""So many of the worst mistakes are shown unless others are asked for."""

PICTURED = 20
"""So many of them are in one picture, where rows are images."""


class OfClasses(NamedTuple):
    """What a run says of classes."""

    measures: ClassMeasures
    matrix: ConfusionMatrix
    confusions: Sequence[Confusion]
    """Which class is taken for which other, the most frequent first."""
    mistakes: Sequence[Prediction]
    """All of them, the surest first."""
    worst: Sequence[Prediction]
    """Those that are shown; as many as were asked for."""
    rows: DataRows
    """Those of the surest mistakes, at least of the worst."""
    part: Part = VALIDATION

    @property
    def task(self) -> str:
        return CLASSIFICATION

    def as_json(self) -> dict[str, Any]:
        """Return all of it, numbers as numbers and no words of a language."""
        return {
            "task": self.task,
            **self.measures.as_json(),
            "confusion": self.matrix._asdict(),
            "confusions": [one._asdict() for one in self.confusions],
            "mistaken": len(self.mistakes),
            "mistakes": [{**m._asdict(), **_row(self.rows, m.row)} for m in self.worst],
        }

    def draw(self, folder: Path) -> list[Path]:
        """Draw the confusion matrix, and of images the worst mistakes, into a folder."""
        path = folder / f"{self.part.before}{confusion.FILE}"
        drawn = [confusion.draw(self.matrix, path, self.part)]
        surest = self.mistakes[:PICTURED]
        shown = [(one, self.rows.rows[one.row]) for one in surest if _is_image(self, one)]
        if shown:
            path = folder / f"{self.part.before}{mistake_images.FILE}"
            drawn.append(mistake_images.draw(shown, path, picture=f"picture_{self.part.name}"))
        return drawn


class OfNumbers(NamedTuple):
    """What a run says of numbers."""

    target: str
    """The column that is predicted, in whose unit errors are told; empty where it has no name."""
    measures: RegressionMeasures
    estimates: Sequence[Estimate]
    """Of all the rows of the part."""
    worst: Sequence[Estimate]
    """Those farthest off; as many as were asked for."""
    rows: DataRows
    """Those of the worst."""
    part: Part = VALIDATION

    @property
    def task(self) -> str:
        return REGRESSION

    def as_json(self) -> dict[str, Any]:
        """Return all of it but the estimates of every row, which the table of predictions has."""
        worst = [{**w._asdict(), "error": w.error, **_row(self.rows, w.row)} for w in self.worst]
        facts = {"task": self.task, "target": self.target or None}
        return {**facts, **self.measures.as_json(), "worst": worst}

    def draw(self, folder: Path) -> list[Path]:
        """Draw what was predicted against what is true, into a folder."""
        path = folder / f"{self.part.before}{numbers.FILE}"
        return [numbers.draw(self.estimates, self.target, path, self.part)]


Evaluation = OfClasses | OfNumbers


def evaluate(run: Run, worst: int = WORST, part: Part = VALIDATION) -> Evaluation | None:
    """Return what a run says of the rows of a part, with so many of its worst mistakes.

    None where it has left no predictions, or such as cannot be judged.
    """
    made = predictions(run, part)
    if made:
        return _of_classes(run, made, worst, part)
    found = numbers.estimates(run, part)
    return _of_numbers(run, found, worst, part) if found else None


def _of_classes(run: Run, made: Sequence[Prediction], worst: int, part: Part) -> OfClasses:
    path = run.folder / part.predictions
    rows = read_rows(path)
    if not all(isinstance(name, str) for one in made for name in (one.row, *one[1:3])):
        raise RunDamaged(path, say("runs.damage.wrong", place="truth, predicted"))
    measures = measure_classes(made, probabilities.read(run, rows, part))
    matrix = confusion_matrix(made, [one.name for one in measures.classes])
    wrong = mistakes(made)
    looked_at = wrong[: max(worst, PICTURED)]
    found = look_up(run, [one.row for one in looked_at], part) if looked_at else DataRows({})
    return OfClasses(measures, matrix, confusions(made), wrong, wrong[:worst], found, part)


def _of_numbers(run: Run, made: Sequence[Estimate], worst: int, part: Part) -> OfNumbers:
    choices = run.choices
    target = choices.get("data", {}).get("target") or choices.get("script", {}).get("target")
    shown = numbers.worst(made)[:worst]
    found = look_up(run, [one.row for one in shown], part) if shown else DataRows({})
    return OfNumbers(str(target or ""), numbers.measure(made), made, shown, found, part)


def _row(rows: DataRows, name: str) -> Mapping[str, Any]:
    """Return what JSON says of a row of the data."""
    found = rows.rows.get(name, DataRow())
    told: dict[str, Any] = {"columns": found.columns} if found.columns else {}
    if found.text is not None:
        told["text"] = found.text
    if isinstance(found.image, Path):
        told["image"] = str(found.image)
    return told


def _is_image(of: OfClasses, one: Prediction) -> bool:
    return one.row in of.rows.rows and of.rows.rows[one.row].image is not None
