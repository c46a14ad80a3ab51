"""The steps of a machine that has nothing yet, out of the facts that `apprenti install` goes by."""

from dataclasses import dataclass

from apprenti.command_line import written
from apprenti.install.decisions import decide
from apprenti.install.facts import AS_OF, FACTS, SAFEST_PYTHON
from apprenti.install.plan import Plan, commands
from apprenti.language import say
from apprenti.machine.machine import Machine

SYSTEMS = {"windows": "Windows", "macos": "Darwin", "linux": "Linux"}
"""The names that people have for systems, and those of Python."""

CARD = {"name": "NVIDIA", "driver": "580.95.05", "compute": "8.9"}
"""A card of recent years with the driver that current builds ask for."""


@dataclass(frozen=True)
class Group:
    """Commands to type one after the other; `label` says for whom, "" for everybody."""

    label: str
    commands: tuple[str, ...]
    machine: str = ""
    """For which machines, the same in every language."""


@dataclass(frozen=True)
class Step:
    """One step of the guide, in the language of the moment."""

    name: str
    """The same in every language."""
    title: str
    texts: tuple[str, ...]
    groups: tuple[Group, ...] = ()


def title(system: str) -> str:
    return say("install.guide.title", system=say(f"install.guide.{system}"))


def steps(system: str) -> list[Step]:
    """Return the steps for "windows", "macos" or "linux"."""
    python, other = SAFEST_PYTHON[:2]
    values = {"python": python, "other": other, "source": FACTS["python_from"][system]["address"]}
    values["index"] = f"{FACTS['torch_index']}cu126"
    lines = {
        "terminal": (),
        "python": (Group("", python_commands(system, python)),),
        "environment": (Group("", folder_commands(system) + venv_commands(system, python)[:1]),),
        "activate": (Group("", _policy(system) + venv_commands(system, python)[1:]),),
        "install": _installs(system),
        "check": (Group("", CHECKS),),
    }
    return [
        Step(
            name,
            say(f"install.guide.{name}.title", **values),
            _texts(name, system, values),
            groups,
        )
        for name, groups in lines.items()
    ]


def _texts(step: str, system: str, values: dict[str, str]) -> tuple[str, ...]:
    """Return what a step says to everybody and to this system; the last one tells sizes."""
    found = []
    for part in TEXTS_OF[step]:
        if part != "system":
            found.append(say(f"install.guide.{step}.text", **values))
        elif system in SAID[step]:
            found.append(say(f"install.guide.{step}.{system}", **values))
    if step == "install":
        found.append(_sizes(system))
    return tuple(found)


EVERYWHERE = ("windows", "macos", "linux")
TEXTS_OF = {
    "terminal": ("system",),
    "python": ("system",),
    "environment": ("text", "system"),
    "activate": ("text", "system"),
    "install": ("text", "system"),
    "check": ("text",),
}
SAID = {
    "terminal": EVERYWHERE,
    "python": EVERYWHERE,
    "environment": ("linux",),
    "activate": ("windows",),
    "install": EVERYWHERE,
    "check": (),
}
"""The systems to which a step has something of its own to say."""

CHECKS = (
    'python -c "import torch; print(torch.__version__)"',
    'python -c "import tensorflow; print(tensorflow.__version__)"',
    "apprenti doctor",
)


def python_commands(system: str, python: str) -> tuple[str, ...]:
    """Return the command that installs a Python."""
    return (FACTS["python_from"][system]["command"].format(python=python),)


def folder_commands(system: str) -> tuple[str, ...]:
    name = say("install.guide.folder")
    if system == "windows":
        return (f"mkdir C:\\{name}", f"cd C:\\{name}")
    return (f"mkdir -p ~/{name}", f"cd ~/{name}")


def venv_commands(system: str, python: str) -> tuple[str, str]:
    """Return the commands that make an environment and enter it."""
    if system == "windows":
        return f"py -{python} -m venv .venv", ".venv\\Scripts\\Activate.ps1"
    return f"python{python} -m venv .venv", "source .venv/bin/activate"


def _policy(system: str) -> tuple[str, ...]:
    allow = "Set-ExecutionPolicy -Scope CurrentUser RemoteSigned"
    return (allow,) if system == "windows" else ()


def _plan(system: str, **more: object) -> Plan:
    found = decide(Machine.from_json({"system": SYSTEMS[system], **more}))
    if not isinstance(found, Plan):
        raise TypeError(found)
    return found


def _plans(system: str) -> dict[str, Plan]:
    """Return the plans of the machines that the guide tells apart, by the name of their label."""
    if system == "macos":
        intel = {"architecture": "x86_64", "apple_gpu": ""}
        return {"any_mac": _plan(system), "intel_mac": _plan(system, **intel)}
    return {"without_gpu": _plan(system), "with_nvidia": _plan(system, nvidia=[CARD])}


def _installs(system: str) -> tuple[Group, ...]:
    return tuple(
        Group(
            say(f"install.guide.{label}"),
            tuple(written(*words) for words in commands(plan)),
            label,
        )
        for label, plan in _plans(system).items()
    )


def _sizes(system: str) -> str:
    plans = list(_plans(system).values())
    small, large = amount(plans[0].download_mb), amount(plans[-1].download_mb)
    if system == "macos":
        return say("install.guide.size", small=small, disk=amount(plans[0].disk_mb))
    return say("install.guide.sizes", small=small, large=large, disk=amount(plans[-1].disk_mb))


def amount(megabytes: float) -> str:
    """Return a size in the words and the numbers of the language."""
    if megabytes < 1000:
        return say("install.megabytes", number=megabytes)
    return say("install.gigabytes", number=megabytes / 1000)


def as_json(system: str) -> dict[str, object]:
    """Return the guide as JSON has it."""
    return {
        "system": system,
        "as_of": AS_OF,
        "steps": [
            {
                "step": step.name,
                "title": step.title,
                "texts": list(step.texts),
                "commands": [
                    {
                        "machine": group.machine or None,
                        "for": group.label,
                        "lines": list(group.commands),
                    }
                    for group in step.groups
                ],
            }
            for step in steps(system)
        ],
    }
