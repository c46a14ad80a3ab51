"""The eleven items of a project, each decided by what is there, never by an answer alone.

An item is a module of `items` with NAME and `look(seen)`, which yields Evidence: what was looked
at, what was seen, and how that stands. An item stands as the worst of its evidence does.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from apprenti.checklist.evidence import (
    DONE,
    IN_DOUBT,
    NOT_APPLICABLE,
    NOT_DONE,
    STATES,
    Evidence,
    Judged,
    doubt,
)
from apprenti.checklist.items import ITEMS
from apprenti.checklist.questions import open_questions
from apprenti.checklist.seen import Seen
from apprenti.errors import ApprentiError, nearest
from apprenti.language import say
from apprenti.project import Project


def judge(project: Project) -> list[Judged]:
    """Return how each of the eleven items stands, in the order of the guide."""
    seen = Seen(project)
    return [Judged(item.NAME, tuple(_looked_at(item, seen))) for item in ITEMS]


def _looked_at(item: ModuleType, seen: Seen) -> Iterator[Evidence]:
    """Yield what an item looks at; where a file cannot be read, that is a doubt and no end."""
    try:
        yield from item.look(seen)
    except ApprentiError as error:
        yield doubt("unreadable", what=error.parts()[0])


def one(judged: Iterable[Judged], wanted: str) -> Judged:
    """Return the item of this name or number."""
    known = list(judged)
    named = {item.item: item for item in known} | {str(item.number): item for item in known}
    if wanted not in named:
        near = nearest(wanted, [item.item for item in known])
        raise ApprentiError("no_item", name=wanted, nearest=near)
    return named[wanted]


def summary(judged: Sequence[Judged]) -> str:
    """Say how many items are done."""
    known = counts(judged)
    key = "count_other" if known[NOT_APPLICABLE] else "count"
    return say(f"checklist.{key}", of=len(judged), **known)


def as_json(judged: Sequence[Judged]) -> dict[str, Any]:
    """Return items as --json has them: each, how many stand how, and the open questions."""
    asked = [one.as_json() for one in open_questions(judged)]
    is_settled = all(one.is_settled for one in judged)
    items = [one.as_json() for one in judged]
    return {"settled": is_settled, "counts": counts(judged), "items": items, "questions": asked}


def counts(judged: Sequence[Judged]) -> dict[str, int]:
    """Return how many items stand how."""
    return {state: sum(one.state == state for one in judged) for state in STATES}


__all__ = [
    "DONE",
    "IN_DOUBT",
    "NOT_APPLICABLE",
    "NOT_DONE",
    "STATES",
    "Evidence",
    "Judged",
    "as_json",
    "counts",
    "judge",
    "one",
    "summary",
]
