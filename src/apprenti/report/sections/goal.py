"""What is to be predicted, from what, and what would be good enough."""

from collections.abc import Iterator

from apprenti.components.blocks import Block, Facts, Text
from apprenti.language import say
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
    yield missing("goal")
