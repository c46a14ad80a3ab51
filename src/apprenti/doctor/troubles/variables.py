"""Variables that lead a framework to the libraries of another CUDA."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.machine import Machine
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F22",)


def find(machine: Machine) -> Iterator[Trouble]:
    path = machine.variables.get("LD_LIBRARY_PATH", "")
    torch = machine.packages.get("torch")
    has_cuda = torch is not None and (torch.build or "").startswith("cu")
    has_cuda |= any(name.endswith(("-cu12", "-cu13")) for name in machine.packages)
    if "cuda" in path.lower() and has_cuda and machine.nvidia:
        values = {"path": path}
        yield Trouble("F22", "warn", "variables", "F22", values, commands_for("F22", machine))
