"""The eleven items of the checklist, each with what shows how it stands."""

from collections.abc import Iterator

from apprenti import checklist
from apprenti.checklist import Judged
from apprenti.components.blocks import Block, Notice, Table, Text
from apprenti.language import say
from apprenti.report.seen import Seen
from apprenti.report.written import columns, told

MOST_SHOWN = 4
"""So much evidence of one item is told."""


def blocks(seen: Seen) -> Iterator[Block]:
    """Yield how each item stands, and what to do next."""
    judged = seen.judged
    yield Text(checklist.summary(judged))
    rows = [
        (f"{one.number}", one.title, say(f"checklist.state.{one.state}"), _evidence(one))
        for one in judged
    ]
    heads = columns("number", "item", "state", "evidence", numbers=("number",))
    yield Table(told("checklist.table"), heads, rows)
    commands = list(dict.fromkeys(line for one in judged for line in one.commands[:1]))
    if commands:
        yield Notice("missing", told("tone.missing"), told("checklist.next"), "", commands)


def _evidence(one: Judged) -> str:
    """Return what keeps an item open, or else what shows that it is done."""
    shown = [found.told() for found in one.open or one.evidence]
    left = len(shown) - MOST_SHOWN
    more = [told("checklist.more", count=left)] if left > 0 else []
    return " ".join([*shown[:MOST_SHOWN], *more])
