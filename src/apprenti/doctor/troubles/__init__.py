"""What is wrong with a machine: rules by topic, each from a description to what it finds.

A rule is a module with IDS (what it may find) and `find(machine)`, which yields Troubles. It knows
nothing but the description: `look` makes it, files of JSON describe others.
"""

from apprenti.doctor.machine import Machine
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
from apprenti.doctor.troubles.trouble import SEVERITIES, Trouble

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


def find(machine: Machine) -> list[Trouble]:
    """Return what the rules find, the gravest first."""
    found = [trouble for rule in RULES for trouble in rule.find(machine)]
    return sorted(found, key=lambda trouble: SEVERITIES.index(trouble.severity))


__all__ = ["RULES", "SEVERITIES", "Trouble", "find"]
