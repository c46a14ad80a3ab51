"""Is the goal reached? By the interval on the test set; what the validation set says is less."""

from collections.abc import Iterator, Mapping
from typing import Any

from apprenti.checklist.evidence import Evidence, done, doubt, missing
from apprenti.checklist.seen import Seen
from apprenti.command_line import of_apprenti
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
    if measured is None or measured.get("value") is None:
        yield from _on_validation(goal, run, evaluate, {**where, **values})
        return
    values |= {name: measured.get(name) for name in ("value", "low", "high")}
    where["file"] = "test_evaluation.json"
    verdict = _verdict(goal, measured)
    if verdict == "reached":
        yield done("goal.reached", **where, **values)
    elif verdict == "missed":
        yield missing("goal.missed", improve, **where, **values)
    else:
        yield doubt(f"goal.{verdict}", improve, **where, **values)


def _measured(goal: Goal, evaluation: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return what test_evaluation.json says of the measure of the goal."""
    wanted = (goal.of,) if goal.of else ("", "macro")
    told = [
        one
        for one in evaluation.get("measures", [])
        if one.get("name") == goal.measure and (one.get("of") or "") in wanted
    ]
    return told[0] if told else None


def _verdict(goal: Goal, measured: Mapping[str, Any]) -> str:
    """Return reached or missed where the whole interval lies on one side; near or unsure else."""
    sign = 1 if goal.bound == "at_least" else -1
    threshold = sign * (goal.threshold or 0)
    ends = [measured.get(name) for name in ("low", "high")]
    value = sign * measured["value"]
    if any(end is None for end in ends):
        return "without_interval" if value >= threshold else "missed"
    worst, best = sorted(sign * float(end) for end in ends if end is not None)
    if measured.get("indicative"):
        return "indicative" if value >= threshold else "missed"
    if worst >= threshold:
        return "reached"
    return "missed" if best < threshold else "not_shown"


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
