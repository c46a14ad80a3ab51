"""Is the goal of a project reached? The whole interval of its measure on the test set decides."""

from collections.abc import Iterable

from apprenti.evaluate.measured import Measured
from apprenti.language import say
from apprenti.project import Goal

REACHED, MISSED, NOT_SHOWN = "reached", "missed", "not_shown"
"""The whole interval is on the good side, or on the other; or the threshold lies in it."""

INDICATIVE, WITHOUT_INTERVAL = "indicative", "without_interval"
"""The value is on the good side, but its interval promises nothing, or there is none."""

UNSURE = "unsure"


def measure_of(goal: Goal, measures: Iterable[Measured]) -> Measured | None:
    """Return the measure that a goal names; of classes their mean, where it names none of them."""
    wanted = (goal.of,) if goal.of else ("", "macro")
    return next(
        (one for one in measures if one.name == goal.measure and (one.of or "") in wanted), None
    )


def verdict(one: Measured, threshold: float, lower_is_better: bool) -> str:
    """Say whether a measure that has a value reaches a threshold."""
    assert one.value is not None  # noqa: S101
    sign = -1 if lower_is_better else 1
    wanted, is_good = sign * threshold, sign * one.value >= sign * threshold
    if one.low is None or one.high is None:
        return WITHOUT_INTERVAL if is_good else MISSED
    if one.indicative:
        return INDICATIVE if is_good else MISSED
    worst, best = sorted((sign * one.low, sign * one.high))
    if worst >= wanted:
        return REACHED
    return MISSED if best < wanted else NOT_SHOWN


def in_short(found: str) -> str:
    """Return reached, missed, or unsure for all that lies between."""
    return found if found in (REACHED, MISSED) else UNSURE


def told(goal: Goal, measures: Iterable[Measured]) -> tuple[str, str] | None:
    """Return the verdict in short and the sentence that says it; None where none can be given."""
    one = measure_of(goal, measures)
    if goal.threshold is None or one is None or one.value is None:
        return None
    key = in_short(verdict(one, goal.threshold, goal.bound == "at_most"))
    words = {"measure": one.title, "value": one.written(one.value)}
    threshold = one.written(goal.threshold)
    return key, say(f"test_set.goal.{key}_{goal.bound}", **words, threshold=threshold)
