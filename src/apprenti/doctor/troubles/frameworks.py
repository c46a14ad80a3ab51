"""Is there a PyTorch and a TensorFlow for this system, this Python, this processor?"""

import re
from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.findings import Finding
from apprenti.install.decisions import decide
from apprenti.install.facts import TENSORFLOWS
from apprenti.install.plan import Plan
from apprenti.machine.machine import Machine

CODES = ("F01", "F02", "F03")
NAMES = {"tensorflow": ("F01", TENSORFLOWS), "pytorch": ("F02", ("torch",))}
OTHERS = ("disk_too_small", "no_avx", "no_sse41", "mac_rosetta")
"""Refusals that another rule tells."""

OLDER = ("version_for_glibc", "version_for_macos")


def find(machine: Machine) -> Iterator[Finding]:
    for framework, (failure, names) in NAMES.items():
        here = next((machine.packages[name] for name in names if name in machine.packages), None)
        if here and re.search(r"rc|dev|[ab]\d", here.version):
            yield _candidate(machine, framework, here.version)
        if here is None:
            yield from _missing(machine, framework, failure)


def _missing(machine: Machine, framework: str, failure: str) -> Iterator[Finding]:
    answer = decide(machine, [framework])
    if isinstance(answer, Plan):
        older = [note for note in answer.notes if note.key in OLDER]
        if older and framework == "pytorch":
            # With a release that is older than the system asks for, it goes
            yield Finding(failure, "note", framework, {**older[0].values}, "older")
    elif answer.key == "python_only_candidate":
        yield _candidate(machine, framework, answer.values["candidate"])
    elif answer.key not in OTHERS:
        severity = "warning" if _any(machine) else "error"
        cure = commands_for(failure, machine)
        values: dict[str, object] = {"refusal": answer.key, **answer.values}
        values["nearest"] = answer.nearest
        yield Finding(failure, severity, framework, values, "refused", cure)


def _candidate(machine: Machine, framework: str, version: str) -> Finding:
    values = {"version": version, "python": "{}.{}".format(*machine.python.line)}
    return Finding("F03", "warning", framework, values, "F03", commands_for("F03", machine))


def _any(machine: Machine) -> bool:
    return any(name in machine.packages for name in ("torch", *TENSORFLOWS))
