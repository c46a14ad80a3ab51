"""The Visual C++ runtime of Windows, and the releases of PyTorch that came without a library."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.facts import FACTS, TENSORFLOWS, satisfies
from apprenti.doctor.machine import Machine, numbers
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F09", "F10", "F11")


def find(machine: Machine) -> Iterator[Trouble]:
    if machine.system != "Windows":
        return
    torch = machine.packages.get("torch")
    cure = commands_for("F09", machine)
    least = FACTS["vc_runtime"]["minimum"]
    if machine.vc_runtime is None:
        installed = any(name in machine.packages for name in ("torch", *TENSORFLOWS))
        yield Trouble("F09", "fail" if installed else "warn", "system", "F09", {}, cure)
    elif numbers(machine.vc_runtime) < numbers(least) and torch:
        values = {"version": machine.vc_runtime, "least": least}
        if satisfies(torch.version, ">=2.9"):
            yield Trouble("F10", "warn", "system", "F10", values, cure)
    if torch and satisfies(torch.version, ">=2.4,<2.4.1"):
        values = {"version": torch.version}
        yield Trouble("F11", "warn", "pytorch", "F11", values, commands_for("F11", machine))
