"""What is wrong with the environment: whose Python, pip and kernel it has, what hides a package.

Besides, two OpenMP libraries, and paths that are too long.
"""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for, kernel, undo_for
from apprenti.doctor.reinstall import pip
from apprenti.findings import Finding, not_applicable
from apprenti.machine.machine import Machine

CODES = ("F04", "F05", "F06", "F32", "F33")

DEEPEST = 182
"""Characters of the deepest file of TensorFlow 2.21 below the folder of an environment: 163, and
those of Lib\\site-packages. Windows without long paths stops at 259."""

NOTEBOOK = ("ipykernel", "jupyter-core", "notebook", "jupyterlab")


def find(machine: Machine) -> Iterator[Finding]:
    python = machine.python
    if python.externally_managed and not python.in_venv:
        values = {"python": python.executable}
        yield Finding("F04", "warning", "python", values, "F04", commands_for("F04", machine))
    if python.pip_python and not _inside(python.pip_python, python.prefix):
        values = {"other": python.pip_python, "python": python.executable}
        yield Finding("F05", "warning", "python", values, "pip", pip("--version"))
    other = machine.kernels.get("python3", "")
    notebooks = any(name in machine.packages for name in NOTEBOOK)
    if other and notebooks and not _inside(other, python.prefix):
        values = {"other": other, "python": python.executable}
        yield Finding("F05", "warning", "notebook", values, "kernel", kernel(machine))
    if machine.shadows:
        values = {"files": ", ".join(machine.shadows)}
        yield Finding("F06", "error", "folder", values, "F06", commands_for("F06", machine))
    yield from _two_openmp(machine)
    if not machine.long_paths and machine.prefix_length + DEEPEST > 259:
        length = {"length": machine.prefix_length, "path": python.prefix}
        cure, undo = commands_for("F33", machine), undo_for("F33", machine)
        yield Finding("F33", "warning", "disk", length, "F33", cure, undo)


def _two_openmp(machine: Machine) -> Iterator[Finding]:
    """Only where two package managers are at work: pip's own packages know of each other."""
    if not machine.python.conda:
        yield not_applicable("F32", "not_conda")
    elif len(machine.openmp_runtimes) > 1:
        values = {"count": len(machine.openmp_runtimes)}
        yield Finding("F32", "warning", "packages", values, "F32", commands_for("F32", machine))


def _inside(path: str, folder: str) -> bool:
    """Does a program lie in a folder? Windows does not distinguish case, nor the two slashes."""
    windows = "\\" in folder
    path, folder = ((each.replace("\\", "/")) for each in (path, folder))
    if windows:
        path, folder = path.lower(), folder.lower()
    return path.startswith(folder.rstrip("/") + "/")
