"""Do probabilities come true? Of the rows that are given 70 %, about 70 in 100 should be so."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.evaluate import probabilities
from apprenti.evaluate.intervals import CONFIDENCE, of_share
from apprenti.evaluate.parts import VALIDATION, Part
from apprenti.evaluate.positive_class import positive_class
from apprenti.language import say
from apprenti.runs import Run, read_predictions

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BINS = 10

DRAWS = 2000

FEWEST_ROWS = 50
"""With fewer rows nothing can be told."""


IN_POINTS = ("error", "by_chance", "confidence", "right")


class Bin(NamedTuple):
    """Rows whose probability lies above `start`, and up to `end`."""

    start: float
    end: float
    rows: int
    given: float
    """The mean of their probabilities."""
    share: float
    """Of how many it came true."""
    low: float
    high: float


class Calibration(NamedTuple):
    """How the probabilities of a model stand to what came true."""

    of: str
    """The class whose probability it is; empty where it is that of the predicted class."""
    rows: int
    bins: Sequence[Bin]
    """Those that have rows."""
    error: float
    """The mean distance of the two over the rows, bin by bin (expected calibration error)."""
    by_chance: float
    """The distance that true probabilities would keep below in 95 of 100 sets of so many rows."""
    confidence: float
    """How sure it is of the predicted class, on average."""
    right: float
    """How often that is so."""
    weighted: bool
    """Whether classes were weighted in training, which raises the probability of rare ones."""

    @property
    def sentences(self) -> list[str]:
        """What is to be said of it."""
        points = {name: 100 * getattr(self, name) for name in IN_POINTS}
        told = [say(f"evaluate.calibration.{self.outcome}", rows=self.rows, **points)]
        return [*told, say("evaluate.calibration.weighted")] if self.weighted else told

    @property
    def outcome(self) -> str:
        """calibrated, too_sure, not_sure_enough or unknown."""
        if self.rows < FEWEST_ROWS:
            return "unknown"
        if self.error <= self.by_chance:
            return "calibrated"
        return "too_sure" if self.confidence > self.right else "not_sure_enough"

    def as_json(self) -> dict[str, Any]:
        bins = [one._asdict() for one in self.bins]
        return {**self._asdict(), "bins": bins, "outcome": self.outcome}


def calibration(
    run: Run, part: Part = VALIDATION, positive: str | None = None
) -> Calibration | None:
    """Return how the probabilities of a run come true on a part; None where it left none."""
    import numpy as np

    rows = read_predictions(run.folder / part.predictions)
    if not rows or "confidence" not in rows[0]:
        return None
    confidence = np.array([probabilities.number(row["confidence"]) for row in rows])
    if not np.isfinite(confidence).all():
        return None
    right = np.array([row["truth"] == row["predicted"] for row in rows])
    of = positive_class(run, positive) or ""
    given, came_true = confidence, right
    if of:
        known = probabilities.read(run, rows, part)
        if known.of_rows is None or not np.isfinite(known.of_rows).all():
            return None
        given = known.of_rows[:, known.classes.index(of)]
        came_true = np.array([row["truth"] == of for row in rows])
    weighted = run.choices.get("train", {}).get("class_weights") == "balanced"
    sides = float(confidence.mean()), float(right.mean())
    return Calibration(of, len(rows), *measure(given, came_true), *sides, weighted)


def measure(given: "Array", came_true: "Array") -> tuple[list[Bin], float, float]:
    """Return the bins of some probabilities, how far off they are, and how far chance leads."""
    import numpy as np

    edges = np.linspace(0, 1, BINS + 1)
    places = np.searchsorted(edges[1:-1], given)
    rows = np.bincount(places, minlength=BINS)
    hits = np.bincount(places, came_true, minlength=BINS)
    sums = np.bincount(places, given, minlength=BINS)
    # How much the hits of each bin vary if the probabilities are those that come true
    spread = np.sqrt(np.bincount(places, given * (1 - given), minlength=BINS))
    drawn = abs(np.random.default_rng(0).normal(size=(DRAWS, BINS)) * spread).sum(axis=1)
    bins = []
    for place in np.flatnonzero(rows):
        count, hit = int(rows[place]), int(hits[place])
        ends = float(edges[place]), float(edges[place + 1])
        means = float(sums[place]) / count, hit / count
        bins.append(Bin(*ends, count, *means, *of_share(hit, count)))
    error = float(abs(hits - sums).sum()) / len(given)
    return bins, error, float(np.quantile(drawn, CONFIDENCE)) / len(given)
