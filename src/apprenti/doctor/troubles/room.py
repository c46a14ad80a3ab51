"""Room on the disk, in the folder of temporary files, and in memory."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.decisions import FRAMEWORKS, decide
from apprenti.doctor.facts import TENSORFLOWS
from apprenti.doctor.guide import amount
from apprenti.doctor.machine import Machine
from apprenti.doctor.plan import Plan
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F34", "F35")

LEAST = 1000
"""MB of disk under which runs, whose models and checkpoints take room, are at risk."""


def find(machine: Machine) -> Iterator[Trouble]:
    cure = commands_for("F34", machine)
    free = amount(machine.free_disk_mb)
    if any(name in machine.packages for name in ("torch", *TENSORFLOWS)):
        if machine.free_disk_mb < LEAST:
            yield Trouble("F34", "warn", "disk", "nearly_full", {"free": free}, cure)
        return
    answer = decide(machine, FRAMEWORKS)
    if not isinstance(answer, Plan):
        if answer.key == "disk_too_small":
            values = {"free": free, "needed": amount(int(answer.values["needed_mb"]))}
            yield Trouble("F34", "fail", "disk", "no_room", values, cure)
        return
    if answer.environment:
        values = {"free": amount(machine.free_temp_mb), "needed": amount(answer.download_mb)}
        yield Trouble("F34", "warn", "disk", "temporary", values, cure)
    if "--no-cache-dir" in answer.options:
        values = {"memory": amount(machine.memory_mb)}
        yield Trouble("F35", "warn", "memory", "F35", values, commands_for("F35", machine))
