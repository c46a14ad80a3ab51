"""What a model reaches on some rows: each measure with its own interval, or why there is none.

Wilson's interval for shares, DeLong's for areas under ROC, order statistics for a median, resamples
elsewhere. Where 95 of 100 are not promised the interval is only indicative, and where a figure
would mean nothing none is given: both say why. The figures are those of scikit-learn.
"""

import math
from typing import Any, NamedTuple

from apprenti.evaluate import probabilities
from apprenti.evaluate.mistakes import predictions
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.regression_measures import estimates
from apprenti.language import say
from apprenti.measures import ACCURACY, R2
from apprenti.printable import printable
from apprenti.runs import Run, read_rows

MACRO, WEIGHTED = "macro", "weighted"
"""What a measure is of, where it is the mean of the classes: each alike, or by its rows."""


FEWEST_ROWS = 50
"""With fewer rows, or fewer of a class, no interval promises 95 of 100."""

FEWEST = {"mae": 100, "log_loss": 100, "brier": 100, "rmse": 200, R2: 200}
"""The measures that need more rows for it: their means are skewed."""

HIGHEST_AREA = 0.95
"""Nor does that of an AUC above it."""

LARGE = 10_000
"""From here on what is behind the decimal point of a number does not matter."""

SHARES = (ACCURACY, "balanced_accuracy", "precision", "recall", "f1")

SHAPES = {
    **dict.fromkeys(SHARES, ("percent", 100)),
    **dict.fromkeys(("auc", "average_precision", "brier", R2), ("score", 1)),
    "log_loss": ("loss", 1),
}
"""How a measure is written; errors are numbers in the unit of the target."""


AT_MOST_ONE = (*SHARES, "auc", "average_precision", R2)

LOWER_IS_BETTER = ("log_loss", "brier", "mae", "rmse", "median_error")


class Measured(NamedTuple):
    """One measure of what a model says of some rows."""

    name: str
    of: str
    """The class that it is of, macro or weighted; empty where it is of all the rows alike."""
    value: float | None
    low: float | None
    high: float | None
    """The 95 % interval; None where none can be given."""
    method: str
    """How the interval was found: wilson, delong_logit, order_statistics, bca,
    bootstrap_t, jackknife."""
    indicative: str = ""
    """Why the interval does not promise 95 %: the key of a text; empty where it does."""
    unsaid: str = ""
    """Why no figure has a meaning: the key of a text; empty where there is a figure."""

    def as_json(self) -> dict[str, Any]:
        return self._asdict()

    @property
    def title(self) -> str:
        """What it is, in words: recall of cat."""
        name = say(f"evaluate.measure.{self.name}")
        if not self.of:
            return name
        kind = self.of if self.of in (MACRO, WEIGHTED) else "class"
        return say(f"evaluate.measure_of.{kind}", measure=name, name=printable(self.of))

    @property
    def reason(self) -> str:
        """Why nothing is said, or why the interval is only indicative; empty where neither is."""
        if self.unsaid:
            return say(f"evaluate.unsaid.{self.unsaid}")
        if not self.indicative:
            return ""
        rows = FEWEST.get(self.name, FEWEST_ROWS) if self.indicative == "few_rows" else FEWEST_ROWS
        return say(f"evaluate.indicative.{self.indicative}", rows=rows, area=HIGHEST_AREA)

    def written(self, value: float | None) -> str:
        """Return its value, or an end of its interval, as people read it."""
        if value is None:
            return ""
        if self.name in SHAPES:
            shape, scale = SHAPES[self.name]
            return say(f"words.shape.{shape}", value=scale * value)
        return amount(value)


def amount(value: float, signed: bool = False) -> str:
    """Return a number in the unit of the target with as many digits as can matter."""
    size = "large" if abs(value) >= LARGE else "small"
    return say(f"evaluate.number{'_signed' if signed else ''}.{size}", value=value)


def few_rows(name: str, rows: int) -> str:
    """Say why a measure of so many rows has no interval of 95 %: a key, or nothing."""
    return "few_rows" if rows < FEWEST.get(name, FEWEST_ROWS) else ""


def told(
    name: str, of: str, value: float, ends: tuple[float, float], method: str, indicative: str = ""
) -> Measured:
    """Return a measure with its interval; ends that are no numbers are no interval."""
    if not all(map(math.isfinite, ends)):
        return Measured(name, of, value, None, None, "", indicative or "no_spread")
    low = ends[0] if name == R2 else max(0.0, ends[0])
    high = min(1.0, ends[1]) if name in AT_MOST_ONE else ends[1]
    return Measured(name, of, value, low, high, method, indicative)


def unsaid(name: str, of: str, why: str) -> Measured:
    """Return a measure that cannot be told."""
    return Measured(name, of, None, None, None, "", "", why)


def measure(run: Run, part: Part = VALIDATION, positive: str | None = None) -> list[Measured]:
    """Return all the measures of what a run says of a part; none where it left nothing of it.

    `positive` is, of two classes, the one that is looked for: the rarer one unless it is given.
    """
    from apprenti.evaluate import measured_classes, measured_numbers
    from apprenti.evaluate.positive_class import positive_class

    made = predictions(run, part)
    if made:
        rows = read_rows(run.folder / part.predictions)
        known = probabilities.read(run, rows, part)
        return measured_classes.measure(made, known, positive_class(run, positive))
    found = estimates(run, part)
    return measured_numbers.measure(found) if found else []
