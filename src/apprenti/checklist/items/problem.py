"""1. The problem is understood: the task, the measure, and from when on it is good enough."""

from collections.abc import Iterator
from typing import Any

from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.questions import is_form
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.language import say
from apprenti.measures import ACCURACY, R2, VALID, of_task
from apprenti.project import FILE

NAME = "problem"

UNBOUNDED = (R2, "mae", "rmse", "median_error", "log_loss")
"""The measures that are no share between 0 and 1."""


def look(seen: Seen) -> Iterator[Evidence]:
    goal, task = seen.choices.goal, seen.task
    if task is None:
        yield missing("problem.no_task", of_apprenti("data"))
    else:
        yield done("problem.task", file=FILE, task=say(f"checklist.form.{task}"))
    if goal.use and not is_form(goal.use):
        yield done("problem.use", file=FILE, use=goal.use)
    else:
        yield missing(
            "problem.no_use", _set("use", say("checklist.form.text")), question="goal.use"
        )
    if goal.measure is None:
        yield missing("problem.no_measure", _set("measure", of_task(task).name))
    elif task not in (None, goal.task):
        yield missing(
            "problem.other_task", _set("measure", of_task(task).name), measure=goal.measure
        )
    elif goal.threshold is None:
        yield from _without_threshold(seen)
    else:
        yield from _threshold(seen, goal.threshold)


def _without_threshold(seen: Seen) -> Iterator[Evidence]:
    goal = seen.choices.goal
    other = "at_most" if goal.bound == "at_least" else "at_least"
    values: dict[str, Any] = {"measure": goal.measure, "bound": goal.bound}
    form = _set(goal.bound, say("checklist.form.number"))
    if getattr(goal, other) is not None:
        yield missing("problem.wrong_side", form, file=FILE, other=other, **values)
    else:
        yield missing("problem.no_threshold", form, **values)


def _threshold(seen: Seen, threshold: float) -> Iterator[Evidence]:
    goal = seen.choices.goal
    values: dict[str, Any] = {"measure": goal.measure, "bound": goal.bound, "threshold": threshold}
    form = _set(goal.bound, say("checklist.form.number"))
    trivial = _trivial(seen)
    if goal.measure not in UNBOUNDED and not 0 < threshold <= 1:
        yield missing("problem.no_share", form, file=FILE, **values)
    elif goal.measure == ACCURACY and trivial is not None and threshold <= trivial:
        yield doubt("problem.too_easy", form, file=FILE, trivial=trivial, **values)
    else:
        yield done("problem.threshold", file=FILE, **values)


def _trivial(seen: Seen) -> float | None:
    """Return what always answering the most frequent class reaches, where that was tried."""
    found = [one for one in seen.runs if one.model == "trivial" and one.complete]
    return found[-1].kept.get(f"{VALID}{ACCURACY}") if found else None


def _set(name: str, value: str) -> str:
    return of_apprenti("set", f"goal.{name}={value}")
