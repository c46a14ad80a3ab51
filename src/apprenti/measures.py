"""How well a model does: one row a measure, with its direction and how it is written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from apprenti.language import say
from apprenti.tasks import CLASSIFICATION, TASKS, task_named

VALID = "valid_"
"""Before the name of a measure in history.csv, where it was taken on the validation rows."""


@dataclass(frozen=True)
class Measure:
    """One measure.

    `name`: after `train_` and `valid_` in history.csv. `better`: which way is good. `unit`: of a
    value that is written, after `scale` has multiplied it. `shape`: what writes it, in
    words.toml of the texts. `per_row`: it is the mean of what each row adds, so that two models can
    be held against each other row by row.
    """

    name: str
    better: Literal["higher", "lower"]
    unit: str
    shape: str
    scale: float = 1
    per_row: bool = False

    def written(self, value: float | None) -> str:
        """Return a value as people read it: 97.25%, 0.483; nothing where there is none."""
        return "" if value is None else say(f"words.shape.{self.shape}", value=self.scale * value)

    def apart(self, value: float | None) -> str:
        """Return a difference between two values, with its sign: +0.74 percentage points."""
        return "" if value is None else say(f"words.apart.{self.shape}", value=self.scale * value)

    def goodness(self, value: float) -> float:
        """Return a number that is the larger the better, whatever the direction."""
        return value if self.better == "higher" else -value


ACCURACY, R2 = "accuracy", "r2"
"""The main scores of classes and of numbers, for what is computed of one of them alone."""

MEASURES = (
    Measure(ACCURACY, "higher", "percent", "percent", scale=100, per_row=True),
    Measure(R2, "higher", "share", "score", per_row=True),
    Measure("loss", "lower", "nats", "loss", per_row=True),
    Measure("auc", "higher", "share", "score"),
    Measure("silhouette", "higher", "share", "score", per_row=True),
    Measure("trustworthiness", "higher", "share", "score"),
    Measure("average_precision", "higher", "share", "score"),
    Measure("episode_return", "higher", "reward", "loss"),
)


def measure_named(name: str) -> Measure:
    """Return the measure of this name; KeyError where there is none."""
    return {measure.name: measure for measure in MEASURES}[name]


def of_task(task: str | None) -> Measure:
    """Return the main score of a task: the first of its measures; None stands for classes."""
    return measure_named(task_named(task or CLASSIFICATION).measures[0])


def main_score(columns: Collection[str]) -> Measure | None:
    """Return the main score that a history with these columns has, None where it has none."""
    scores = dict.fromkeys(of_task(task.name) for task in TASKS)
    return next((one for one in scores if f"{VALID}{one.name}" in columns), None)


def task_seen(columns: Collection[str]) -> str | None:
    """Return the task of a history with these columns, by its main score, or None."""
    return next((task.name for task in TASKS if f"{VALID}{task.measures[0]}" in columns), None)


def common_score(histories: Iterable[Collection[str]]) -> Measure:
    """Return the score by which several runs are laid side by side: the first that one of them has.

    Where none has any, the runs measured other things, and the score of classes stands for it.
    """
    found = (main_score(columns) for columns in histories)
    return next((one for one in found if one is not None), of_task(None))
