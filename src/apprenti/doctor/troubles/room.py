"""Room on the disk, in the folder of temporary files, and in memory."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.findings import Finding
from apprenti.install.decisions import FRAMEWORKS, decide
from apprenti.install.facts import TENSORFLOWS
from apprenti.install.guide import amount
from apprenti.install.plan import Plan
from apprenti.machine.machine import Machine

CODES = ("F34", "F35")

LEAST = 1000
"""MB of disk under which runs, whose models and checkpoints take room, are at risk."""


def find(machine: Machine) -> Iterator[Finding]:
    cure = commands_for("F34", machine)
    free = amount(machine.free_disk_mb)
    if any(name in machine.packages for name in ("torch", *TENSORFLOWS)):
        if machine.free_disk_mb < LEAST:
            yield Finding("F34", "warning", "disk", {"free": free}, "nearly_full", cure)
        return
    answer = decide(machine, FRAMEWORKS)
    if not isinstance(answer, Plan):
        if answer.key == "disk_too_small":
            values = {"free": free, "needed": amount(int(answer.values["needed_mb"]))}
            yield Finding("F34", "error", "disk", values, "no_room", cure)
        return
    if answer.environment:
        values = {"free": amount(machine.free_temp_mb), "needed": amount(answer.download_mb)}
        yield Finding("F34", "warning", "disk", values, "temporary", cure)
    if "--no-cache-dir" in answer.options:
        values = {"memory": amount(machine.memory_mb)}
        yield Finding("F35", "warning", "memory", values, "F35", commands_for("F35", machine))
