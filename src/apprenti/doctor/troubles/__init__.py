"""What is wrong with a machine: rules by topic, each from a description to what it finds.

A rule is a module with CODES (what it may find) and `find(machine)`, which yields Findings
(`apprenti.findings`). It knows nothing but the description: `look` makes it, files of JSON describe
others. Codes are F01 to F48 of failures.toml, and N01 to N05 for notes; what a trial finds is T01
to T08. The subject is the line of the list to which a finding belongs.
"""

from collections.abc import Collection

from apprenti.doctor.troubles import (
    cards,
    compiled_runtime,
    environment,
    frameworks,
    newer,
    pairs,
    processor,
    room,
    tensorflow_builds,
    torch_builds,
    variables,
)
from apprenti.findings import Finding, found, gather
from apprenti.machine.machine import Machine

RULES = (
    frameworks,
    processor,
    environment,
    room,
    compiled_runtime,
    pairs,
    torch_builds,
    tensorflow_builds,
    cards,
    variables,
    newer,
)


def find(machine: Machine) -> list[Finding]:
    """Return what the rules find, the gravest first."""
    return found(answers(machine))


def answers(machine: Machine, muted: Collection[str] = ()) -> list[Finding]:
    """Return an answer to every question of the rules, also where nothing is wrong."""
    return gather(RULES, machine, muted=muted)


__all__ = ["RULES", "answers", "find"]
