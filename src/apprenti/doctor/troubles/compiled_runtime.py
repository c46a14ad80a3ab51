"""The Visual C++ runtime of Windows, and the releases of PyTorch that came without a library."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.findings import Finding, not_applicable
from apprenti.install.facts import FACTS, TENSORFLOWS, satisfies
from apprenti.machine.machine import Machine, numbers

CODES = ("F09", "F10", "F11")


def find(machine: Machine) -> Iterator[Finding]:
    if machine.system != "Windows":
        yield from (not_applicable(code, "not_windows") for code in CODES)
        return
    torch = machine.packages.get("torch")
    cure = commands_for("F09", machine)
    least = FACTS["vc_runtime"]["minimum"]
    if machine.vc_runtime is None:
        installed = any(name in machine.packages for name in ("torch", *TENSORFLOWS))
        yield Finding("F09", "error" if installed else "warning", "system", {}, "F09", cure)
    elif numbers(machine.vc_runtime) < numbers(least) and torch:
        values = {"version": machine.vc_runtime, "least": least}
        if satisfies(torch.version, ">=2.9"):
            yield Finding("F10", "warning", "system", values, "F10", cure)
    if torch and satisfies(torch.version, ">=2.4,<2.4.1"):
        values = {"version": torch.version}
        yield Finding("F11", "warning", "pytorch", values, "F11", commands_for("F11", machine))
