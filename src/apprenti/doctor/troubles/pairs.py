"""Packages that do not go together, by the rules of facts.json."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.reinstall import pip
from apprenti.findings import Finding
from apprenti.install.facts import Pair, broken_pairs
from apprenti.machine.machine import Machine

CODES = ("F20", "F25", "F26", "F27", "F28", "F29", "F30", "F31", "F38", "F45", "N02")

GRAVE = ("F25", "F26", "F27", "F28", "F29", "F30", "F38")
"""Pairs with which the import fails, or the first use does."""


def find(machine: Machine) -> Iterator[Finding]:
    told = set()
    for name, pair in broken_pairs(machine.packages):
        failure = _failure(pair)
        if (failure, pair.needs) in told or (failure == "F20" and not machine.nvidia):
            continue
        told.add((failure, pair.needs))
        values = {
            "package": f"{name} {machine.packages[name].version}",
            "needs": f"{pair.needs}{pair.range}",
            "version": machine.packages[pair.needs].version,
        }
        severity = "error" if failure in GRAVE else "warning"
        cure = commands_for(failure, machine)
        if failure == "N02":
            cure = pip("install", f"{pair.needs}{pair.range}")
        yield Finding(failure, severity, "packages", values, "pair", cure)


def _failure(pair: Pair) -> str:
    """Return the failure that a pair leads to; N02 where only the metadata say that it is wrong."""
    metadata_only = pair.trouble == "F28" and pair.needs != "protobuf"
    return "N02" if metadata_only else pair.trouble
