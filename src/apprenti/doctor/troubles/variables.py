"""Variables that lead a framework to the libraries of another CUDA."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.findings import Finding, not_applicable
from apprenti.machine.machine import Machine

CODES = ("F22",)


def find(machine: Machine) -> Iterator[Finding]:
    if not machine.nvidia:
        yield not_applicable("F22", "no_card")
        return
    path = machine.variables.get("LD_LIBRARY_PATH", "")
    torch = machine.packages.get("torch")
    has_cuda = torch is not None and (torch.build or "").startswith("cu")
    has_cuda |= any(name.endswith(("-cu12", "-cu13")) for name in machine.packages)
    if "cuda" in path.lower() and has_cuda:
        values = {"path": path}
        yield Finding("F22", "warning", "variables", values, "F22", commands_for("F22", machine))
