"""Instructions that the frameworks need, and x86 code translated by Rosetta."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.facts import TENSORFLOWS
from apprenti.doctor.machine import Machine
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F12", "F39", "N01")
X86 = ("x86_64", "AMD64")


def find(machine: Machine) -> Iterator[Trouble]:
    if machine.emulated == "rosetta":
        yield Trouble("F39", "fail", "system", "F39", {}, commands_for("F39", machine))
    if machine.architecture not in X86:
        return
    processor = machine.processor
    values = {"name": processor.name or machine.architecture}
    if not processor.sse41:
        yield Trouble("F12", _severity(machine, "torch"), "processor", "no_sse41", values)
    elif not processor.avx:
        severity = _severity(machine, *TENSORFLOWS)
        cure = commands_for("F12", machine)
        yield Trouble("F12", severity, "processor", "no_avx", values, cure)
    elif not processor.avx2:
        yield Trouble("N01", "note", "processor", "no_avx2", values)


def _severity(machine: Machine, *names: str) -> str:
    return "fail" if any(name in machine.packages for name in names) else "warn"
