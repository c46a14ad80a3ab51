"""What a rule finds."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SEVERITIES = ("fail", "warn", "note")


@dataclass(frozen=True)
class Trouble:
    """Something that is wrong with a machine, or worth knowing.

    `id`: F01 to F48 of failures.toml, N01 to N05 for notes, T01 to T08 for what a trial found.
    `severity`: "fail" (it cannot work), "warn" (it will not work as it should, or not for long),
    "note". `topic` is the line of the list to which it belongs. `seen` names the sentence that says
    what was seen (`seen` in texts/*/doctor.toml), with its `values`. `commands` mend it on this
    machine, `undo` takes that back.
    """

    id: str
    severity: str
    topic: str
    seen: str
    values: Mapping[str, object] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    undo: tuple[str, ...] = ()
