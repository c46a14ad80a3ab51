"""What is said of a failure or a trouble, in the user's language."""

from collections.abc import Mapping
from typing import Any

from apprenti.command_line import written
from apprenti.doctor.cures import commands_for, undo_for
from apprenti.findings import NOT_APPLICABLE, Finding, Told
from apprenti.install.facts import FACTS, SAFEST_PYTHON
from apprenti.install.installed import DISTRIBUTIONS
from apprenti.install.plan import Nearest
from apprenti.language import say, subject
from apprenti.machine.machine import Machine


def explain(failure: str, machine: Machine) -> Told:
    """Say what a failure is, with the commands for this machine."""
    name, why, todo = _sentences(failure, machine)
    undo = undo_for(failure, machine)
    return Told(failure, name, "", why, todo, commands_for(failure, machine), undo)


def tell(trouble: Finding, machine: Machine) -> Told:
    """Say what a trouble is, what was seen of it, and what mends it."""
    name, why, todo = _sentences(trouble.code, machine)
    if trouble.outcome == NOT_APPLICABLE:
        return Told(trouble.code, name, say(f"doctor.not_applicable.{trouble.sentence}"))
    if not trouble.severity:
        return Told(trouble.code, name)
    what = say(f"doctor.seen.{trouble.sentence}", **_told(trouble, machine))
    if isinstance(trouble.values.get("nearest"), Nearest):
        todo = _nearest(trouble)
    return Told(trouble.code, name, what, why, todo, trouble.commands, trouble.undo)


def _sentences(failure: str, machine: Machine) -> tuple[str, str, str]:
    place = "failures" if failure in subject("failures", "en") else "doctor"
    title, cause, cure = (
        say(f"{place}.{failure}.{part}", **_facts(machine)) for part in ("title", "cause", "cure")
    )
    return title, cause, cure


def _facts(machine: Machine) -> dict[str, str]:
    """Return the facts that the sentences of texts/*/failures.toml leave open."""
    drivers = FACTS["drivers"]
    system = "Windows" if machine.system == "Windows" else "Linux"
    found = {"python": SAFEST_PYTHON[0], "other": SAFEST_PYTHON[1]}
    found["vc"] = FACTS["vc_runtime"]["address"]
    found.update(driver12=drivers["12"][system], driver13=drivers["13"][system])
    for name, package in (("tf", "tensorflow"), ("torch", "torch")):
        rows = [row for row in FACTS["releases"][package] if not row.get("prerelease")]
        found[f"oldest_{name}"], found[f"newest_{name}"] = rows[0]["python"]
    return found


def _nearest(trouble: Finding) -> str:
    """Say the nearest thing that can work, as `apprenti install` does; the commands follow."""
    nearest = trouble.values["nearest"]
    if not isinstance(nearest, Nearest):
        raise TypeError(nearest)
    told = {"python": SAFEST_PYTHON[0], **nearest.values, "commands": ""}
    again = written("apprenti", "install", trouble.subject)
    return say(f"install.nearest.{nearest.key}", again=again, **told)


def _told(trouble: Finding, machine: Machine) -> Mapping[str, object]:
    """Return the values of a trouble, those of them that are keys in words."""
    told: dict[str, Any] = dict(trouble.values)
    if trouble.sentence == "refused":
        key = f"install.refusal.{told['refusal']}"
        told["reason"] = f"{say(f'{key}.what', **told)} {say(f'{key}.why', **told)}"
    elif trouble.sentence == "left_out":
        told["reason"] = say(f"install.note.{told['note']}", **told)
    elif trouble.sentence == "older":
        told["system"] = f"macOS {machine.macos}" if machine.macos else libc(machine)
    if told.get("step"):
        told["step"] = step_named(told["step"], told["device"])
    if "framework" in told:
        told["framework"] = name_of(told["framework"])
    return told


def libc(machine: Machine) -> str:
    """Return "glibc 2.36"."""
    return f"{machine.libc} {machine.libc_version}"


def name_of(framework: str) -> str:
    """Return "PyTorch" or "TensorFlow"; a word that is a name already stays."""
    return say(f"doctor.topic.{framework}") if framework in DISTRIBUTIONS else framework


def step_named(step: str, device: str) -> str:
    words = say(f"doctor.step.{step}")
    return say("doctor.with_device", step=words, device=device) if device else words
