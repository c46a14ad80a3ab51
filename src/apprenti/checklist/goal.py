"""Is the goal reached? By the interval on the test set; what the validation set says is less."""

from collections.abc import Iterator, Mapping
from typing import Any

from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
from apprenti.evaluate.goal import MISSED, REACHED, measure_of, verdict
from apprenti.evaluate.measured import Measured
from apprenti.measures import VALID
from apprenti.project import Goal
from apprenti.runs import Run

IN_HISTORY = {"log_loss": "loss"}
"""The measures that have another name in a history."""


def reached(seen: Seen, run: Run) -> Iterator[Evidence]:
    """Yield whether what the project is for is reached by a run."""
    goal = seen.choices.goal
    if goal.measure is None or goal.threshold is None:
        yield missing("goal.unsaid", of_apprenti("checklist", "problem"))
        return
    values: dict[str, Any] = {
        "measure": goal.measure,
        "bound": goal.bound,
        "threshold": goal.threshold,
    }
    where: dict[str, Any] = {"run": run.name, "called": seen.called}
    measured = _measured(goal, seen.evaluation)
    evaluate, improve = (of_apprenti(word, seen.called) for word in ("evaluate", "improve"))
    if measured is None or measured.value is None:
        yield from _on_validation(goal, run, evaluate, {**where, **values})
        return
    values |= {name: getattr(measured, name) for name in ("value", "low", "high")}
    where["file"] = "test_evaluation.json"
    found = verdict(measured, goal.threshold, goal.bound == "at_most")
    if found == REACHED:
        yield done("goal.reached", **where, **values)
    elif found == MISSED:
        yield missing("goal.missed", improve, **where, **values)
    else:
        yield doubt(f"goal.{found}", improve, **where, **values)


def _measured(goal: Goal, evaluation: Mapping[str, Any]) -> Measured | None:
    """Return what test_evaluation.json says of the measure of the goal."""
    kept = evaluation.get("measures", [])
    return measure_of(goal, [Measured(*map(one.get, Measured._fields)) for one in kept])


def _on_validation(
    goal: Goal, run: Run, command: str, values: Mapping[str, Any]
) -> Iterator[Evidence]:
    """Yield what the validation set says, which is not yet an answer."""
    name = IN_HISTORY.get(goal.measure or "", goal.measure)
    value = run.kept.get(f"{VALID}{name}")
    if value is None:
        yield missing("goal.not_measured", command, **values)
    else:
        good = value >= (goal.threshold or 0)
        good = good if goal.bound == "at_least" else value <= (goal.threshold or 0)
        key = "on_validation" if good else "not_on_validation"
        yield missing(f"goal.{key}", command, file="history.csv", value=value, **values)
