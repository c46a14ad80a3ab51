"""The Python of the system, pip of another Python, kernels of another environment, hidden packages,
two OpenMP libraries, paths that are too long."""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for, kernel, pip, undo_for
from apprenti.doctor.machine import Machine
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F04", "F05", "F06", "F32", "F33")

DEEPEST = 182
"""Characters of the deepest file of TensorFlow 2.21 below the folder of an environment: 163, and
those of Lib\\site-packages. Windows without long paths stops at 259."""

NOTEBOOK = ("ipykernel", "jupyter-core", "notebook", "jupyterlab")


def find(machine: Machine) -> Iterator[Trouble]:
    python = machine.python
    if python.externally_managed and not python.in_venv:
        values = {"python": python.executable}
        yield Trouble("F04", "warn", "python", "F04", values, commands_for("F04", machine))
    if python.pip_python and not _inside(python.pip_python, python.prefix):
        values = {"other": python.pip_python, "python": python.executable}
        yield Trouble("F05", "warn", "python", "pip", values, pip("--version"))
    other = machine.kernels.get("python3", "")
    notebooks = any(name in machine.packages for name in NOTEBOOK)
    if other and notebooks and not _inside(other, python.prefix):
        values = {"other": other, "python": python.executable}
        yield Trouble("F05", "warn", "notebook", "kernel", values, kernel(machine))
    if machine.shadows:
        values = {"files": ", ".join(machine.shadows)}
        yield Trouble("F06", "fail", "folder", "F06", values, commands_for("F06", machine))
    yield from _two_openmp(machine)
    if not machine.long_paths and machine.prefix_length + DEEPEST > 259:
        length = {"length": machine.prefix_length, "path": python.prefix}
        cure, undo = commands_for("F33", machine), undo_for("F33", machine)
        yield Trouble("F33", "warn", "disk", "F33", length, cure, undo)


def _two_openmp(machine: Machine) -> Iterator[Trouble]:
    """Only where two package managers are at work: pip's own packages know of each other."""
    if machine.python.conda and len(machine.openmp_runtimes) > 1:
        values = {"count": len(machine.openmp_runtimes)}
        yield Trouble("F32", "warn", "packages", "F32", values, commands_for("F32", machine))


def _inside(path: str, folder: str) -> bool:
    """Does a program lie in a folder? Windows does not distinguish case, nor the two slashes."""
    windows = "\\" in folder
    path, folder = ((each.replace("\\", "/")) for each in (path, folder))
    if windows:
        path, folder = path.lower(), folder.lower()
    return path.startswith(folder.rstrip("/") + "/")
