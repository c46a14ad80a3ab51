"""Some settings against the project as it is, over pairs: what is still wanted, and what it showed.

It knows of no framework and trains nothing: trainings are added to it as they end.
"""

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Literal, NamedTuple

from apprenti.improve.statistics import FEWEST, Estimate, holm, is_lost, student
from apprenti.measures import VALID, Measure
from apprenti.runs import DIVERGED, FINISHED, STOPPED_EARLY, best_epoch, has_diverged

TRAIN, LOSS = "train_", "loss"

History = Sequence[Mapping[str, Any]]

Verdict = Literal["helps", "same", "harms", "stopped", "failed", "no_effect", "unmeasured"]
"""No difference shown is `same`; `stopped`: clearly lost, and not measured to the end."""


class Arm(NamedTuple):
    """What is held against the project as it is: some settings, by their full names."""

    name: str
    settings: Mapping[str, object]
    codes: tuple[str, ...] = ()
    """The findings that propose it."""
    patience: int = 0
    """Where it stops early: what it gives is read in the trainings of the project as it is."""


AS_IS = Arm("as_is", {})
"""The project as it is."""


class Result(NamedTuple):
    """How one training ended."""

    status: str
    history: History
    error: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether it says something of its settings; one that diverged does."""
        return self.status in (FINISHED, STOPPED_EARLY, DIVERGED) and bool(self.history)

    @property
    def curve(self) -> list[dict[str, Any]]:
        """Its history without the time, which is never the same twice."""
        return [{key: row[key] for key in row if key != "seconds"} for row in self.history]


class Judged(NamedTuple):
    """What the pairs show of one arm; differences are against the project as it is."""

    arm: Arm
    verdict: Verdict
    measure: Estimate
    """The change of the validation measure, larger is better."""
    loss: Estimate
    gap: Estimate
    """The change of what the training measure is above that of the validation."""
    time: float | None
    """So many times as long."""
    level: float
    lost: int = 0
    """In so many pairs it diverged."""
    error: str = ""
    twin: str = ""
    """Another arm of which every curve is the same."""

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values; what is not known is null."""
        return {
            "name": self.arm.name,
            "settings": dict(self.arm.settings),
            "codes": list(self.arm.codes),
            "verdict": self.verdict,
            "pairs": self.measure.pairs,
            "change": self.measure.bounds(),
            "p": self.measure.p,
            "level": self.level,
            "loss": self.loss.bounds(),
            "gap": self.gap.bounds(),
            "times_as_long": self.time,
            "diverged": self.lost,
            "error": self.error or None,
            "same_curves_as": self.twin or None,
        }


class Study:
    """Arms and pairs, and the trainings that have ended."""

    def __init__(
        self, arms: Sequence[Arm], pairs: Sequence[int], measure: Measure, keeps_best: bool = False
    ) -> None:
        self.arms, self.pairs, self.measure = tuple(arms), tuple(pairs), measure
        self.keeps_best = keeps_best
        """Whether the project itself stops early, and keeps its best epoch."""
        self.results: dict[tuple[str, int], Result] = {}
        self._stopped: set[str] = set()

    @property
    def trained(self) -> list[Arm]:
        """The arms that are trained, the project as it is first."""
        return [AS_IS, *(arm for arm in self.arms if not arm.patience)]

    @property
    def order(self) -> list[tuple[Arm, int]]:
        """All trainings, pair by pair, so that whenever it ends the pairs are whole."""
        return [(arm, pair) for pair in self.pairs for arm in self.trained]

    def wants(self, arm: Arm, pair: int) -> bool:
        """Whether a training is still to be done."""
        return (arm.name, pair) not in self.results and arm.name not in self._stopped

    def add(self, arm: Arm, pair: int, result: Result) -> None:
        """Note how a training ended, and which arms are lost by it."""
        self.results[arm.name, pair] = result
        for other in self.trained[1:]:
            if self._fails(other) or is_lost(self.differences(other)):
                self._stopped.add(other.name)

    def _fails(self, arm: Arm) -> bool:
        return sum(not one.is_sound for one in self._of(arm)) > 1

    def _of(self, arm: Arm) -> list[Result]:
        found = (self.results.get((arm.name, pair)) for pair in self.pairs)
        return [one for one in found if one]

    def rows(self, arm: Arm, pair: int) -> Mapping[str, Any] | None:
        """Return what a training gives in the end: its last epoch, or the best one if it keeps it.

        None where it has not ended, or failed.
        """
        result = self.results.get((AS_IS.name if arm.patience else arm.name, pair))
        if result is None or not result.is_sound:
            return None
        if arm.patience:
            return result.history[kept_epoch(result.history, arm.patience)[0]]
        if self.keeps_best or arm.settings.get("train.early_stopping"):
            return result.history[kept_epoch(result.history, len(result.history))[0]]
        return result.history[-1]

    def paired(self, arm: Arm) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        """Return the ends of the pairs that are whole: of the project as it is, and of an arm."""
        both = ((self.rows(AS_IS, pair), self.rows(arm, pair)) for pair in self.pairs)
        return [(old, new) for old, new in both if old is not None and new is not None]

    def differences(self, arm: Arm) -> list[float]:
        """Return by how much an arm is better in each pair; infinite where one of them was lost."""
        return [
            _difference(self._goodness(old), self._goodness(new)) for old, new in self.paired(arm)
        ]

    def _goodness(self, row: Mapping[str, Any]) -> float:
        value = row.get(f"{VALID}{self.measure.name}")
        if value is None or not math.isfinite(value) or has_diverged(row):
            return -math.inf
        return self.measure.goodness(value)

    def means(self, arm: Arm) -> dict[str, float | None]:
        """Return what an arm gives at the end, over all pairs that are there."""
        found = [row for pair in self.pairs if (row := self.rows(arm, pair)) is not None]
        names = (f"{VALID}{self.measure.name}", f"{TRAIN}{self.measure.name}", f"{VALID}{LOSS}")
        return {name: _mean([row.get(name, math.nan) for row in found]) for name in names}

    # What it shows

    def judged(self) -> list[Judged]:
        """Judge all arms at once."""
        found = [student(self.differences(arm)) for arm in self.arms]
        bad = [self._without_verdict(arm) for arm in self.arms]
        said = holm([1.0 if why else one.p for why, one in zip(bad, found, strict=True)])
        return [
            self._judged(arm, why, one.level, one.is_shown)
            for arm, why, one in zip(self.arms, bad, said, strict=True)
        ]

    def _without_verdict(self, arm: Arm) -> Verdict | None:
        if any(not one.is_sound for one in self._of(arm)):
            return "failed"
        if arm.name in self._stopped and len(self._of(arm)) < len(self.pairs):
            return "stopped"
        if len(self.paired(arm)) < FEWEST:
            return "unmeasured"
        return "no_effect" if self.twin(arm) == AS_IS.name else None

    def _judged(self, arm: Arm, why: Verdict | None, level: float, is_shown: bool) -> Judged:
        both, differences = self.paired(arm), self.differences(arm)
        if why == "stopped":
            # It was stopped because of these numbers: they are no measurement
            unknown = Estimate(None, None, None, 1.0, len(both))
            return Judged(arm, why, unknown, unknown, unknown, None, level, _lost(differences))
        found = student(differences, level)
        helps: Verdict = "helps" if sum(differences) > 0 else "harms"
        return Judged(
            arm,
            why or (helps if is_shown else "same"),
            found,
            student([_change(f"{VALID}{LOSS}", *pair) for pair in both], level),
            student([self._gap(new) - self._gap(old) for old, new in both], level),
            self._time(arm),
            level,
            _lost(differences),
            next((one.error for one in self._of(arm) if one.error), ""),
            self.twin(arm),
        )

    def _gap(self, row: Mapping[str, Any]) -> float:
        train = row.get(f"{TRAIN}{self.measure.name}", math.nan)
        return self.measure.goodness(train) - self._goodness(row)

    def _time(self, arm: Arm) -> float | None:
        """Return how many times as long the training takes, in the middle of the pairs."""
        ratios = []
        for pair in self.pairs:
            old, new = (self.results.get((one.name, pair)) for one in (AS_IS, arm))
            if arm.patience and old and old.is_sound:
                last = kept_epoch(old.history, arm.patience)[1]
                ratios.append(_ratio(old.history[-1], old.history[last]))
            elif old and new and old.is_sound and new.is_sound:
                ratios.append(_ratio(old.history[-1], new.history[-1]))
        known = [one for one in ratios if math.isfinite(one)]
        return median(known) if known else None

    def twin(self, arm: Arm) -> str:
        """Return the name of an arm before this one whose curves are the same, bit for bit."""
        if arm.patience:
            return ""
        for other in self.trained[: self.trained.index(arm)]:
            both = [
                (self.results.get((arm.name, pair)), self.results.get((other.name, pair)))
                for pair in self.pairs
            ]
            whole = [(one, two) for one, two in both if one and two]
            if whole and all(one.curve == two.curve and one.history for one, two in whole):
                return other.name
        return ""


def _lost(differences: Sequence[float]) -> int:
    return sum(math.isinf(one) and one < 0 for one in differences)


def _mean(values: Sequence[float]) -> float | None:
    mean = sum(values) / len(values) if values else math.nan
    return mean if math.isfinite(mean) else None


def _difference(old: float, new: float) -> float:
    return 0.0 if old == new else new - old


def _change(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    return float(new.get(name, math.nan)) - float(old.get(name, math.nan))


def _ratio(old: Mapping[str, Any], new: Mapping[str, Any]) -> float:
    seconds = old.get("seconds", 0.0)
    return float(new.get("seconds", math.nan)) / seconds if seconds else math.nan


def kept_epoch(history: History, patience: int) -> tuple[int, int]:
    """Return the places of the epoch that early stopping keeps, and of that at which it stops.

    It stops where the validation loss has not been lower for `patience` epochs.
    """
    lowered, lowest, stop = 0, math.inf, len(history) - 1
    for place, row in enumerate(history):
        if (loss := row.get(f"{VALID}{LOSS}", math.nan)) < lowest:
            lowered, lowest = place, loss
        if place - lowered >= patience:
            stop = place
            break
    return best_epoch(history[: stop + 1]) - 1, stop
