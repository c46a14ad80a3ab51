"""The commands that install what this very machine gets, through the decisions of `install`."""

from collections.abc import Sequence
from dataclasses import replace

from apprenti.command_line import written
from apprenti.install.decisions import decide, refused_environment
from apprenti.install.facts import SAFEST_PYTHON
from apprenti.install.guide import python_commands, venv_commands
from apprenti.install.plan import Part, Plan, commands
from apprenti.machine.machine import Machine

SYSTEMS = {"Windows": "windows", "Darwin": "macos"}
PIP = ("python", "-m", "pip")
Lines = tuple[str, ...]


def system_of(machine: Machine) -> str:
    """Return the name that the guide has for the system."""
    return SYSTEMS.get(machine.system, "linux")


def part_for(machine: Machine, framework: str) -> Part | None:
    """Return what this machine gets for a framework, None if nothing fits."""
    found = decide(machine, [framework])
    return found.parts[0] if isinstance(found, Plan) else None


def installs(machine: Machine, *names: str) -> Lines:
    """Return what installs these frameworks as they should be here: in a fresh environment where
    this one is not ours to change, with another Python where this one does not do."""
    found = decide(machine, names)
    line = "{}.{}".format(*machine.python.line)
    before: Lines = ()
    if not isinstance(found, Plan):
        nearest = found.nearest
        if nearest is None or nearest.plan is None or nearest.key != "python":
            return ELSEWHERE.get(nearest.key, ()) if nearest else ()
        line = nearest.values["python"]
        found = nearest.plan
        before = python_commands(system_of(machine), line)
    if before or refused_environment(machine) is not None:
        before = (*before, *venv_commands(system_of(machine), line))
        found = _everything(machine, names, line) or found
    return (*before, *(written(*words) for words in commands(found)))


ELSEWHERE: dict[str, Lines] = {
    "wsl": ("wsl --install",),
    "container": (
        f'docker run -it --rm -v "$PWD:/work" -w /work python:{SAFEST_PYTHON[0]}-slim bash',
    ),
}
"""What opens another system on this machine, where nothing can be installed in its own."""


def _everything(machine: Machine, names: Sequence[str], line: str) -> Plan | None:
    """Return the plan for an empty environment with this Python."""
    python = replace(
        machine.python, version=f"{line}.0", in_venv=True, conda=False, externally_managed=False
    )
    architecture = "arm64" if machine.emulated else machine.architecture
    python = replace(python, implementation="CPython", bits=64, free_threaded=False)
    empty = replace(machine, python=python, packages={}, emulated=None, architecture=architecture)
    found = decide(empty, names)
    return found if isinstance(found, Plan) else None


def pip(*words: str) -> Lines:
    return (written(*PIP, *words),)
