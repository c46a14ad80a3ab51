"""Instructions that the frameworks need, and x86 code translated by Rosetta."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.findings import Finding, not_applicable
from apprenti.install.facts import TENSORFLOWS
from apprenti.machine.machine import Machine

CODES = ("F12", "F39", "N01")
X86 = ("x86_64", "AMD64")


def find(machine: Machine) -> Iterator[Finding]:
    if machine.emulated == "rosetta":
        yield Finding("F39", "error", "system", {}, "F39", commands_for("F39", machine))
    if machine.architecture not in X86:
        yield from (not_applicable(code, "not_x86") for code in ("F12", "N01"))
        return
    processor = machine.processor
    values = {"name": processor.name or machine.architecture}
    if not processor.sse41:
        yield Finding("F12", _severity(machine, "torch"), "processor", values, "no_sse41")
    elif not processor.avx:
        severity = _severity(machine, *TENSORFLOWS)
        cure = commands_for("F12", machine)
        yield Finding("F12", severity, "processor", values, "no_avx", cure)
    elif not processor.avx2:
        yield Finding("N01", "note", "processor", values, "no_avx2")


def _severity(machine: Machine, *names: str) -> str:
    return "error" if any(name in machine.packages for name in names) else "warning"
