"""What was looked at for an item, and how that stands: the worst of it is how the item stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from apprenti.language import say

DONE, NOT_DONE, IN_DOUBT, NOT_APPLICABLE = "done", "not_done", "in_doubt", "not_applicable"
STATES = (DONE, NOT_DONE, IN_DOUBT, NOT_APPLICABLE)


@dataclass(frozen=True)
class Evidence:
    """One thing that was looked at.

    `name` names its sentence in checklist.toml of the texts ("split.shares"), whose places `values`
    fill. `file` and `run` are where it was seen. `commands` are what to do next; `question` is the
    setting ([answers] or [goal]) by which a person answers.
    """

    name: str
    state: str
    values: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    file: str = ""
    run: str = ""
    commands: tuple[str, ...] = ()
    question: str = ""

    def told(self) -> str:
        """Return the sentence that says it."""
        return say(f"checklist.{self.name}", **self.values)

    def with_values(self, **more: Any) -> "Evidence":
        return replace(self, values={**self.values, **more})

    def as_json(self) -> dict[str, Any]:
        """Return it as --json has it."""
        where = {"file": self.file or None, "run": self.run or None}
        asked = {"commands": list(self.commands), "question": self.question or None}
        facts = {"name": self.name, "state": self.state, "values": dict(self.values)}
        return {**facts, "sentence": self.told(), **where, **asked}


@dataclass(frozen=True)
class Judged:
    """An item, and all that was looked at for it."""

    item: str
    evidence: Sequence[Evidence]

    @property
    def number(self) -> int:
        """Its place in the guide, from 1."""
        from apprenti.checklist.items import NAMES

        return NAMES.index(self.item) + 1

    @property
    def title(self) -> str:
        return say(f"checklist.{self.item}.title")

    @property
    def state(self) -> str:
        """One of STATES: not done where anything is, else in doubt where anything is."""
        states = {one.state for one in self.evidence}
        return next((one for one in (NOT_DONE, IN_DOUBT, DONE) if one in states), NOT_APPLICABLE)

    @property
    def is_settled(self) -> bool:
        return self.state in (DONE, NOT_APPLICABLE)

    @property
    def open(self) -> list[Evidence]:
        """What keeps it from being done, what is not done first."""
        return [
            one for state in (NOT_DONE, IN_DOUBT) for one in self.evidence if one.state == state
        ]

    @property
    def commands(self) -> list[str]:
        """What to do next, each ready to be pasted."""
        return list(dict.fromkeys(line for one in self.open for line in one.commands))

    def as_json(self) -> dict[str, Any]:
        """Return it as --json has it."""
        facts = {"number": self.number, "item": self.item, "title": self.title}
        told = [one.as_json() for one in self.evidence]
        return {**facts, "state": self.state, "evidence": told, "commands": self.commands}


def done(name: str, /, *, file: str = "", run: str = "", **values: Any) -> Evidence:
    return Evidence(name, DONE, values, file, run)


def no_matter(name: str, /, **values: Any) -> Evidence:
    """Return that something does not apply here, and why."""
    return Evidence(name, NOT_APPLICABLE, values)


def _open(
    state: str,
    name: str,
    /,
    *commands: str,
    file: str = "",
    run: str = "",
    question: str = "",
    **values: Any,
) -> Evidence:
    return Evidence(name, state, values, file, run, commands, question)


missing, doubt = partial(_open, NOT_DONE), partial(_open, IN_DOUBT)
"""Return what keeps an item open: its sentence, what to do next, and where it was seen."""
