"""The items, one a file, in the order of the guide (chapter 8.1)."""

from types import ModuleType

from apprenti.checklist.items import (
    data,
    documentation,
    environment,
    ethics,
    evaluation,
    first_training,
    measures,
    model,
    problem,
    split,
    training,
)

ITEMS: tuple[ModuleType, ...] = (
    problem,
    data,
    split,
    model,
    training,
    environment,
    first_training,
    measures,
    evaluation,
    documentation,
    ethics,
)

NAMES = tuple(item.NAME for item in ITEMS)
