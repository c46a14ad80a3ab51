"""A plan becomes an installation, by pip or uv, in the environment of this Python alone."""

import re
import shutil
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from apprenti.install import pip_or_uv
from apprenti.install.decisions import from_the_usual_index
from apprenti.install.plan import Plan, commands
from apprenti.machine.machine import Machine

LOG = "apprenti-install.log"
"""The file, in the folder of the environment, that gets all that pip prints."""


@dataclass(frozen=True)
class Installer:
    """What installs: its name, the words that begin its commands, and those that name a Python."""

    name: str
    words: tuple[str, ...]
    target: tuple[str, ...] = ()

    def commands(self, plan: Plan) -> list[list[str]]:
        return commands(plan, self.words, self.target)


def find_installer(python: str = sys.executable) -> Installer:
    """Return uv where it is on the PATH or beside this Python, else pip of this Python.

    Where pip was told where to look pip is taken: uv does not read its settings.
    """
    pip = (python, "-m", "pip")
    uv = shutil.which("uv", path=str(Path(python).parent)) or shutil.which("uv")
    if uv and not re.search("index|find-links", pip_or_uv.output_of([*pip, "config", "list"])):
        return Installer("uv", (uv, "pip"), ("--python", python))
    return Installer("pip", pip)


def without_half_written(machine: Machine, prefix: str = sys.prefix) -> Machine:
    """Return the machine less the packages that were being written when an installer was killed."""
    broken = {path.name.partition("-")[0] for path in pip_or_uv.half_written(_packages(prefix))}
    names = {name.lower().replace("_", "-").replace(".", "-") for name in broken}
    kept = {name: each for name, each in machine.packages.items() if name not in names}
    return replace(machine, packages=kept)


@dataclass(frozen=True)
class Reached:
    """A plan for the network that is there.

    `silent` is the index that does not answer, "" if all do; `useless_cuda` says that PyTorch then
    comes as a CUDA build to a machine that cannot use it.
    """

    plan: Plan
    silent: str = ""
    useless_cuda: bool = False


def for_this_network(machine: Machine, plan: Plan) -> Reached:
    """Ask the indexes of the plan whether they answer; else fall back on where pip looks."""
    silent = [index for index in plan.indexes if index and not pip_or_uv.answers(index)]
    if not silent:
        return Reached(plan)
    torch = next(part for part in plan.parts if part.index)
    pip = [sys.executable, "-m", "pip", "index", "versions", torch.package]
    has_cpu_build = f"{torch.version}+cpu" in pip_or_uv.output_of(pip)
    other = from_the_usual_index(machine, plan, has_cpu_build)
    useless = machine.system == "Linux" and torch.device == "cpu" and not has_cpu_build
    return Reached(other, silent[0], useless)


@dataclass(frozen=True)
class Failure:
    """Why an installation failed: an entry of `failure` in texts/*/install.toml, with its words."""

    key: str
    detail: str
    log: Path


def run(
    plan: Plan, by: Installer, tell: Callable[[str], None], prefix: str = sys.prefix
) -> Failure | None:
    """Run the commands of a plan; each line that they print goes to the log and to `tell`.

    Returns the failure, or None. Ctrl-C raises KeyboardInterrupt once the installer has put things
    back; what it was writing then is forgotten the next time, and so is written again.
    """
    folder = Path(prefix)
    log = folder / LOG
    pip_or_uv.forget_half_written(_packages(prefix))
    temporary = [folder / "tmp" for _ in plan.environment]
    for path in temporary:
        path.mkdir(parents=True, exist_ok=True)
    places = {name: str(folder / "tmp") for name in plan.environment}
    variables = {**pip_or_uv.clean_environment(), **QUIET, **places}
    try:
        for command in by.commands(plan):
            outcome = pip_or_uv.run_logged(command, log, tell, variables, folder)
            if outcome.status:
                key, detail = pip_or_uv.explain(outcome)
                return Failure(key, detail, log)
    finally:
        for path in temporary:
            shutil.rmtree(path, ignore_errors=True)
    return None


def _packages(prefix: str) -> Path:
    places = {"base": prefix, "platbase": prefix}
    return Path(sysconfig.get_path("purelib", vars=places))


QUIET = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_PROGRESS_BAR": "off"}
