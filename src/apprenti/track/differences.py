"""What differs between a run and the same script run again: history, predictions and weights.

Columns that measure time do not count. Files of weights are held against each other by what is in
them: those of scikit-learn hold the time, and where things lay in memory.
"""

import math
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data.checksum import digest
from apprenti.evaluate.agreement import CLOSE_LOSS, SAME_CLASS, SMALL_LOSS
from apprenti.evaluate.mistakes import PREDICTIONS
from apprenti.runs import Run, read_rows

OF_TIME = ("epoch", "seconds")
"""The columns of a history that say nothing of what was learned."""

SHARE, SMALL, SAME = CLOSE_LOSS, SMALL_LOSS, SAME_CLASS
"""The tolerance is the bounds within which the two frameworks agree (`evaluate.agreement`): models
that are as near do the same for whoever uses them."""


class Gap(NamedTuple):
    """How far a figure of one epoch is from what was recorded."""

    epoch: int
    measure: str
    recorded: float
    again: float

    @property
    def size(self) -> float:
        """The difference; infinite where one of both is no number."""
        if self.recorded == self.again or (math.isnan(self.recorded) and math.isnan(self.again)):
            return 0.0
        difference = abs(self.recorded - self.again)
        return difference if math.isfinite(difference) else math.inf

    @property
    def share(self) -> float:
        """The difference as a share of the larger of both."""
        larger = max(abs(self.recorded), abs(self.again))
        return self.size / larger if larger and math.isfinite(self.size) else self.size

    @property
    def is_small(self) -> bool:
        """Whether it is within the tolerance."""
        return self.size <= SMALL or self.share <= SHARE


class OfHistories(NamedTuple):
    """What differs between two histories, as far as both should go."""

    epochs: tuple[int, int]
    """How many were recorded, and how many there were this time."""
    first: Gap | None
    """The first figure that differs at all; of one epoch the one that differs most."""
    beyond: Gap | None
    """The first that differs by more than the tolerance."""
    largest: Gap | None
    """The one that differs most of all."""

    @property
    def identical(self) -> bool:
        return self.first is None and self.epochs[0] == self.epochs[1]

    @property
    def within_tolerance(self) -> bool:
        return self.beyond is None and self.epochs[0] == self.epochs[1]


def of_histories(recorded: Sequence[Any], again: Sequence[Any], partial: bool) -> OfHistories:
    """Compare two histories; of a run that was stopped only as far as it came (`partial`)."""
    if partial:
        again = again[: len(recorded)]
    pairs = zip(recorded, again, strict=False)
    gaps = [gap for at, pair in enumerate(pairs, start=1) for gap in _gaps(at, *pair)]
    apart = [gap for gap in gaps if gap.size]
    beyond = [gap for gap in apart if not gap.is_small]
    epochs = len(recorded), len(again)
    return OfHistories(epochs, _first(apart), _first(beyond), _most(apart))


def _gaps(epoch: int, one: Mapping[str, float], other: Mapping[str, float]) -> Iterable[Gap]:
    names = [name for name in dict.fromkeys([*one, *other]) if name not in OF_TIME]
    lacking = math.nan
    return [Gap(epoch, n, one.get(n, lacking), other.get(n, lacking)) for n in names]


def _first(gaps: Sequence[Gap]) -> Gap | None:
    return _most([gap for gap in gaps if gap.epoch == gaps[0].epoch])


def _most(gaps: Sequence[Gap]) -> Gap | None:
    return max(gaps, key=lambda gap: gap.share, default=None)


class OfPredictions(NamedTuple):
    """What differs between the predictions for the same rows."""

    identical: bool
    same_rows: bool
    same_class: float | None = None
    """The share of the rows that get the same class; None of numbers."""
    distance: float | None = None
    """Of numbers: the root mean square of the differences, in standard deviations of the truth."""

    @property
    def within_tolerance(self) -> bool:
        if not self.same_rows or self.identical:
            return self.identical
        far = self.distance is not None and not self.distance <= SHARE
        return not far and (self.same_class is None or self.same_class >= SAME)


def of_predictions(recorded: Run, again: Run) -> OfPredictions | None:
    """Compare the predictions of two runs; None where neither has any."""
    one, other = (run.folder / PREDICTIONS for run in (recorded, again))
    if not one.is_file() and not other.is_file():
        return None
    if not one.is_file() or not other.is_file():
        return OfPredictions(identical=False, same_rows=False)
    if digest(one) == digest(other):
        return OfPredictions(identical=True, same_rows=True)
    rows, others = read_rows(one), read_rows(other)
    if [row.get("row") for row in rows] != [row.get("row") for row in others] or not rows:
        return OfPredictions(identical=False, same_rows=False)
    if "confidence" in rows[0]:
        same = sum(a["predicted"] == b["predicted"] for a, b in zip(rows, others, strict=True))
        return OfPredictions(False, True, same_class=same / len(rows))
    return OfPredictions(False, True, distance=_distance(rows, others))


def _distance(rows: Sequence[Mapping[str, str]], others: Sequence[Mapping[str, str]]) -> float:
    """Return how far numbers are apart; infinite where one of them is no number."""
    try:
        truth = [float(row["truth"]) for row in rows]
        pairs = zip(rows, others, strict=True)
        apart = [(float(a["predicted"]) - float(b["predicted"])) ** 2 for a, b in pairs]
    except (KeyError, ValueError):
        return math.inf
    mean = sum(truth) / len(truth)
    spread = math.sqrt(sum((value - mean) ** 2 for value in truth) / len(truth))
    return math.sqrt(sum(apart) / len(apart)) / (spread or 1.0)


# Weights

SCHEMA = "schema.json"
"""In a file of skops: what the model is, and which of its other files holds what."""


def same_weights(recorded: Run, again: Run) -> bool | None:
    """Say whether two runs have learned the same weights; None where neither has any."""
    one, other = recorded.weights, again.weights
    if one is None or other is None:
        return None if one is other else False
    if digest(one) == digest(other):
        return True
    return one.suffix == other.suffix == ".skops" and _same_model(one, other)


PLACE = re.compile(r'"__id__": (\d+)')
"""Where something lay in memory, by which a file of skops names it."""


def _same_model(one: Path, other: Path) -> bool:
    """Compare two models of scikit-learn, whatever their files say of time and memory."""
    try:
        return _told(one) == _told(other)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError):
        return False


def _told(path: Path) -> tuple[str, dict[str, int]]:
    """Return what a file of skops says and holds, its places in memory numbered as they come."""
    with zipfile.ZipFile(path) as archive:
        text = archive.read(SCHEMA).decode()
        numbers = {place: str(at) for at, place in enumerate(dict.fromkeys(PLACE.findall(text)))}

        def numbered(written: str) -> str:
            return re.sub(r"\d{6,}", lambda found: numbers.get(found[0], found[0]), written)

        parts = {numbered(one.filename): one.CRC for one in archive.infolist()}
    parts.pop(SCHEMA)
    return numbered(text), parts
