"""What `apprenti install` shows: the plan, the command, progress, refusals, and the guide."""

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from apprenti.cli.show import tell
from apprenti.command_line import written
from apprenti.errors import ApprentiError
from apprenti.install import guide
from apprenti.install.carry_out import LOG, Installer, Reached
from apprenti.install.facts import AS_OF, SAFEST_PYTHON
from apprenti.install.guide import amount
from apprenti.install.pip_or_uv import large_download, written_packages
from apprenti.install.plan import Plan, Refusal, commands
from apprenti.language import say, subject
from apprenti.machine.machine import Machine

if TYPE_CHECKING:
    from rich.console import Console


def name_of(what: str) -> str:
    return say("install.both") if what == "all" else say(f"words.framework_{what}")


def plan_of(out: "Console", what: str, machine: Machine, plan: Plan) -> None:
    """Say what this machine is and what it gets, with what is to be known about it."""
    tell(out, say("install.title", what=name_of(what)), style="bold")
    card = "".join(f", {card.name} ({card.driver})" for card in machine.nvidia)
    facts = {"system": machine.system, "architecture": machine.architecture, "date": AS_OF}
    tell(out, say("install.machine", python=machine.python.version, card=card, **facts))
    out.print()
    for part in plan.parts:
        words = {
            "framework": say(f"words.framework_{part.framework}"),
            "requirement": part.requirement,
            "device": say(f"install.device.{part.device}"),
            "size": say("install.present") if part.present else amount(part.download_mb),
        }
        out.print(say("install.part", **words), markup=False)
    for note in plan.notes:
        tell(out, f"  ! {say(f'install.note.{note.key}', **note.values)}", style="yellow")
    out.print()


def commands_of(out: "Console", machine: Machine, reached: Reached, by: Installer) -> None:
    """Say where it goes, where it comes from, how much it is, and the command itself."""
    plan = reached.plan
    if not by.commands(plan):
        return
    if reached.silent:
        size = amount(plan.download_mb)
        tell(out, say("install.no_index", index=reached.silent, size=size), style="yellow")
    if reached.useless_cuda:
        tell(out, say("install.no_index_cuda", index=reached.silent), style="yellow")
    tell(out, say("install.into", path=sys.prefix))
    for index in plan.indexes:
        source = "from_index" if index else "from_pypi"
        tell(out, say(f"install.{source}", index=index, installer=by.name))
    sizes = {"download": plan.download_mb, "disk": plan.disk_mb, "free": machine.free_disk_mb}
    tell(out, say("install.room", **{name: amount(mb) for name, mb in sizes.items()}))
    tell(out, say("install.command"))
    for words in by.commands(plan):
        # On one line each, however long: to be copied
        out.print(f"  {written(*words)}", style="bold", markup=False, soft_wrap=True)
    out.print()


@contextlib.contextmanager
def progress(out: "Console") -> Iterator[Callable[[str], None]]:
    """Show large downloads and the writing of the packages, with a sign of life on a terminal."""
    tell(out, say("install.working", log=Path(sys.prefix) / LOG))
    with out.status("") if out.is_terminal else contextlib.nullcontext():

        def hear(line: str) -> None:
            found = large_download(line)
            if found:
                package, version, megabytes = found
                size = amount(megabytes)
                tell(out, say("install.downloading", package=package, version=version, size=size))
            elif written_packages(line):
                tell(out, say("install.writing", count=written_packages(line)))

        yield hear


def refuse(refusal: Refusal, system: str, what: str) -> ApprentiError:
    """Return the error that says why nothing is installed, with the nearest thing that can be."""
    values: dict[str, str] = {**refusal.values}
    for name in ("free", "needed"):
        if f"{name}_mb" in values:
            values[name] = amount(int(values[f"{name}_mb"]))
    if refusal.key in subject("install", "en")["refusal"]:
        said, why = (say(f"install.refusal.{refusal.key}.{p}", **values) for p in ("what", "why"))
    else:
        said, why = say("install.gpu_refused"), say(f"install.note.{refusal.key}", **values)
    todo = instead(refusal, system, what, values)
    return ApprentiError("cannot_install", what=said, why=why, todo=todo)


def instead(refusal: Refusal, system: str, what: str, values: dict[str, str]) -> str:
    """Say the nearest thing that can work, with its commands."""
    nearest = refusal.nearest
    if nearest is None:
        return say("install.nearest.elsewhere")
    python = nearest.values.get("python", SAFEST_PYTHON[0])
    lines: tuple[str, ...] = ()
    if nearest.key in ("python", "venv", "another_environment"):
        install = guide.python_commands(system, python) if nearest.key == "python" else ()
        lines = (*install, *guide.venv_commands(system, python))
    elif nearest.key == "wsl":
        inside = guide.python_commands("linux", python), guide.venv_commands("linux", python)
        lines = ("wsl --install", *inside[0], *inside[1])
    elif nearest.key == "container":
        lines = (f'docker run -it --rm -v "$PWD:/work" -w /work python:{python}-slim bash',)
    if lines and nearest.plan:
        lines = (*lines, *(written(*words) for words in commands(nearest.plan)))
    all_values = {**values, **nearest.values, "python": python}
    all_values["commands"] = "".join(f"\n    {line}" for line in lines)
    return say(
        f"install.nearest.{nearest.key}", again=written("apprenti", "install", what), **all_values
    )


def as_json(plan: Plan, by: Installer) -> dict[str, object]:
    """Return a plan as JSON has it; sizes in MB of 10**6 bytes."""
    return {
        "as_of": AS_OF,
        "installer": by.name,
        "parts": [
            {
                "framework": part.framework,
                "requirement": part.requirement,
                "device": part.device,
                "index": part.index or None,
                "present": part.present,
            }
            for part in plan.parts
        ],
        "commands": by.commands(plan),
        "environment": dict(plan.environment),
        "notes": [{"key": note.key, **note.values} for note in plan.notes],
        "download_mb": plan.download_mb,
        "disk_mb": plan.disk_mb,
    }


def guide_of(out: "Console", system: str) -> None:
    """Print the steps for a machine that has nothing yet."""
    tell(out, guide.title(system), style="bold")
    tell(out, say("install.guide.dated", date=AS_OF))
    for number, step in enumerate(guide.steps(system), start=1):
        out.print()
        tell(out, f"{number}. {step.title}", style="bold")
        for text in step.texts:
            tell(out, f"   {text}")
        for group in step.groups:
            if group.label:
                tell(out, f"   {group.label}")
            for line in group.commands:
                out.print(f"       {line}", markup=False, soft_wrap=True)
