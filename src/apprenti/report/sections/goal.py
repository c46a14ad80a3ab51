"""What is to be predicted, from what, and what would be good enough."""

import contextlib
from collections.abc import Iterator

from apprenti.command_line import of_apprenti
from apprenti.components.blocks import Block, Facts, Text
from apprenti.errors import ApprentiError
from apprenti.evaluate import goal
from apprenti.evaluate.measured import Measured
from apprenti.language import say
from apprenti.project import Goal
from apprenti.report.seen import Seen
from apprenti.report.written import missing, told


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield the task, the target, the measure, and the threshold where there is one."""
    data = seen.project.choices.data
    pairs = [(told("goal.source"), data.source)]
    if data.target:
        pairs.append((told("goal.target"), data.target))
    if seen.task:
        pairs.insert(0, (told("goal.task"), told(f"task.{seen.task}")))
    if seen.measure:
        pairs.append((told("goal.measure"), say(f"words.{seen.measure.name}")))
    yield Facts(pairs)
    if seen.task:
        yield Text(told(f"goal.{seen.task}"))
    if seen.facts and seen.facts.note:
        yield Text(told("goal.note", note=seen.facts.note))
    yield from _threshold(seen)


def _threshold(seen: Seen) -> Iterator[Block]:
    """Yield from which figure on the model is good enough, and whether it is."""
    asked = seen.project.choices.goal
    if asked.use:
        yield Text(told("goal.use", use=asked.use))
    if asked.measure is None or asked.threshold is None:
        commands = [of_apprenti("checklist", "--questions")]
        yield missing("goal", *commands)
        return
    of = Measured(asked.measure, asked.of or "", asked.threshold, None, None, "")
    words = {"measure": of.title, "threshold": of.written(asked.threshold)}
    yield Text(told(f"goal.{asked.bound}", **words))
    yield from _reached(seen, asked)


def _reached(seen: Seen, asked: Goal) -> Iterator[Block]:
    """Say whether the test set, where it was opened, shows the threshold to be reached."""
    with contextlib.suppress(ApprentiError):
        said = goal.told(asked, seen.test.measures) if seen.test else None
        if said:
            yield Text(said[1])
