"""Which packages a machine gets, and from where; or why none, and the nearest thing that can work.

The rules are here once: `python start.py`, `apprenti install` and the cures of `apprenti doctor`
all ask `decide`. What exists is in facts.json.

Which version: the one that Apprenti is tested with where it fits the machine, so that everybody has
the same; else the newest final release that fits. An NVIDIA card counts more: the build that serves
the most cards with their driver comes first, and of equal ones the tested version.

Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from apprenti.install import gpus, installed
from apprenti.install.facts import (
    LATEST,
    PACKAGES,
    TESTED,
    Release,
    platform_of,
    releases,
    size,
)
from apprenti.install.nearest import nearest
from apprenti.install.plan import Nearest, Note, Part, Plan, Refusal
from apprenti.machine.machine import Machine, numbers

FRAMEWORKS = ("pytorch", "tensorflow")
WORDS = {"pytorch": "PyTorch", "tensorflow": "TensorFlow"}


def decide(
    machine: Machine,
    wanted: Collection[str] = FRAMEWORKS,
    gpu: bool | None = None,
    tested_only: bool = False,
) -> Plan | Refusal:
    """Decide what to install for `wanted` ("pytorch", "tensorflow"), or refuse.

    `gpu`: True if it must be used, False if not, None to use an NVIDIA or Apple GPU that can be.
    With both frameworks one of them having it is enough. `tested_only` refuses where only other
    versions than those that Apprenti is tested with would fit.
    """
    found = _decide(machine, wanted, gpu, tested_only)
    if isinstance(found, Refusal):

        def again(machine: Machine, wanted: Collection[str], gpu: bool | None) -> Plan | Refusal:
            return _decide(machine, wanted, gpu, tested_only)

        return nearest(found, machine, wanted, gpu, again)
    return found


def _decide(
    machine: Machine, wanted: Collection[str], gpu: bool | None, tested_only: bool
) -> Plan | Refusal:
    """Decide, without looking for the nearest thing where the answer is no."""
    frameworks = [name for name in FRAMEWORKS if name in wanted]
    refused = _refused_system(machine)
    if refused:
        return refused
    # TensorFlow, which exists for less, has the first word; of two floors the higher one counts
    refusals = [_refused_framework(machine, name, tested_only) for name in reversed(frameworks)]
    found = [each for each in refusals if each]
    if found:
        return max(found, key=lambda each: numbers(each.values.get("floor", "0")))
    fitting = {name: _fitting(machine, name, tested_only) for name in frameworks}
    parts, notes = _parts(machine, fitting, gpu)
    if gpu and not any(part.device != "cpu" for part in parts):
        return Refusal(notes[0].key, notes[0].values)
    return _with_room(machine, _finished(machine, parts, notes))


# ---- What cannot be


def refused_environment(machine: Machine) -> Refusal | None:
    """Is this Python one whose packages are not ours to change? Only a virtual environment is."""
    python = machine.python
    if python.in_venv:
        return None
    key = "conda" if python.conda else "not_a_venv"
    if python.externally_managed:
        key = "externally_managed"
    return Refusal(key, {"python": python.executable}, Nearest("venv"))


def _refused_system(machine: Machine) -> Refusal | None:
    """Is this a system for which neither framework exists?"""
    python, platform = machine.python, platform_of(machine)
    values = {"system": machine.system, "architecture": machine.architecture}
    values.update(python=python.version, implementation=python.implementation)
    reasons = (
        (machine.emulated == "rosetta", "mac_rosetta"),
        ((machine.system, machine.architecture) == ("Windows", "ARM64"), "windows_arm"),
        (not platform, "machine_unknown"),
        (python.implementation != "CPython", "python_not_cpython"),
        (python.bits != 64, "python_32_bits"),
        (machine.libc == "musl", "linux_musl"),
    )
    return next((Refusal(key, values) for refused, key in reasons if refused), None)


def _refused_framework(machine: Machine, framework: str, tested_only: bool) -> Refusal | None:
    """Is there no release of this framework that fits this Python, system and processor?"""
    values = {"framework": WORDS[framework], "python": "{}.{}".format(*machine.python.line)}
    known = [r for r in releases(framework) if not tested_only or r.version == _tested(framework)]
    there = [r for r in known if platform_of(machine) in r.floors and not r.prerelease]
    of_python = [release for release in there if release.has_python(machine)]
    lacks = _lacks_instructions(machine, framework)
    if lacks:
        return Refusal(lacks, values)
    if machine.system == "Darwin" and machine.architecture == "x86_64" and not of_python:
        return Refusal("mac_intel", values)
    if not of_python:
        return _refused_python(machine, there, known, values)
    if not any(release.has_system(machine) for release in of_python):
        floor = min((r.floors[platform_of(machine)] for r in of_python), key=numbers)
        values.update(floor=floor, glibc=machine.libc_version, macos=machine.macos)
        return Refusal("mac_too_old" if machine.system == "Darwin" else "linux_too_old", values)
    return None


def _refused_python(
    machine: Machine, there: list[Release], known: list[Release], values: dict[str, str]
) -> Refusal:
    if machine.python.free_threaded:
        return Refusal("python_free_threaded", values)
    newest = max((release.python[1] for release in there), key=numbers)
    oldest = min((release.python[0] for release in there), key=numbers)
    values = {**values, "newest": newest, "oldest": oldest}
    if machine.python.line < numbers(oldest):
        return Refusal("python_too_old", values)
    candidates = [r.version for r in known if r.prerelease and r.has_python(machine)]
    if candidates:
        return Refusal("python_only_candidate", {**values, "candidate": candidates[0]})
    return Refusal("python_too_new", values)


def _lacks_instructions(machine: Machine, framework: str) -> str:
    """TensorFlow stops without AVX, PyTorch without SSE4.1; this counts on x86 only."""
    if machine.architecture not in ("x86_64", "AMD64"):
        return ""
    if framework == "tensorflow" and not machine.processor.avx:
        return "no_avx"
    return "no_sse41" if not machine.processor.sse41 else ""


# ---- What can be


def _tested(framework: str) -> str:
    return TESTED[PACKAGES[framework]]


def _fitting(machine: Machine, framework: str, tested_only: bool) -> list[Release]:
    """Return the releases that fit: the tested one first, then from the newest to the oldest."""
    fit = [release for release in releases(framework) if release.fits(machine)]
    tested = [release for release in fit if release.version == _tested(framework)]
    return tested + [release for release in fit if not tested_only and release not in tested]


def _parts(
    machine: Machine, fitting: dict[str, list[Release]], gpu: bool | None
) -> tuple[list[Part], list[Note]]:
    parts: list[Part] = []
    notes: list[Note] = []
    owner = _owner_of_the_card(machine, fitting)
    for framework, candidates in fitting.items():
        choose = gpus.torch if framework == "pytorch" else gpus.tensorflow
        part, why = choose(machine, candidates, gpu)
        if part.device == "cuda" and owner:
            # PyTorch's CUDA libraries and TensorFlow's are two versions of the same files,
            # libcudnn among them: in one environment only one of the two can have the card.
            part, why = choose(machine, candidates, False)[0], Note(f"{owner}_has_the_card")
        elif part.device == "cuda":
            owner = framework
        parts.append(part)
        notes += [why] if why else []
        notes += _about_version(machine, part, candidates)
    return parts, list({note.key: note for note in notes}.values())


def _owner_of_the_card(machine: Machine, wanted: Collection[str]) -> str:
    """Return the framework, not wanted now, that is installed for the card and can use it."""
    owner = installed.has_the_card(machine, wanted)
    if owner == "tensorflow":
        candidates = _fitting(machine, owner, False)
        usable = candidates and gpus.tensorflow(machine, candidates, None)[0].device == "cuda"
        return owner if usable else ""
    return owner


def _about_version(machine: Machine, part: Part, candidates: list[Release]) -> list[Note]:
    """Say why the version is not the one that Apprenti is tested with."""
    tested = _tested(part.framework)
    if part.version == tested:
        return []
    values = {"package": part.package, "version": part.version, "tested": tested}
    values.update(latest=LATEST[PACKAGES[part.framework]], macos=machine.macos)
    values.update(python="{}.{}".format(*machine.python.line), glibc=machine.libc_version)
    release = next(each for each in releases(part.framework) if each.version == tested)
    if platform_of(machine) == "macos_x86_64":
        return [Note("mac_intel_last", values)]
    if not release.has_python(machine):
        return [Note("version_for_python", values)]
    if not release.has_system(machine):
        key = "version_for_macos" if machine.system == "Darwin" else "version_for_glibc"
        return [Note(key, values)]
    return [] if part.device == "metal" else [Note("version_for_card", values)]


def _finished(machine: Machine, parts: list[Part], notes: list[Note]) -> Plan:
    """Count what the parts take, and look at what is installed already."""
    platform, remove, done = platform_of(machine), [], []
    for part in parts:
        download, disk = size(part.package, part.device, platform)
        counted = replace(part, download_mb=download, disk_mb=disk)
        if installed.is_newer(machine, part):
            notes = [*notes, installed.newer_note(machine, part)]
        done.append(installed.compared(machine, counted))
        remove += installed.in_the_way(machine, part)
    remove += installed.libraries_in_the_way(machine, parts)
    if not machine.processor.avx2 and platform.endswith(("x86_64", "x64")):
        notes = [*notes, Note("no_avx2")]
    return _with_care(machine, Plan(tuple(done), tuple(notes), tuple(remove)))


SMALL_MEMORY = 4000
"""MB of memory under which pip keeps no copy of a large download: it would be killed."""


def _with_care(machine: Machine, plan: Plan) -> Plan:
    """Spare a small memory, and a small folder of temporary files."""
    options, environment, notes = list(plan.options), dict(plan.environment), list(plan.notes)
    if machine.memory_mb < SMALL_MEMORY and plan.download_mb >= 1000:
        options.append("--no-cache-dir")
        notes.append(Note("memory_small"))
    if machine.free_temp_mb < plan.download_mb:
        name, separator = ("TEMP", "\\") if machine.system == "Windows" else ("TMPDIR", "/")
        environment[name] = separator.join([machine.python.prefix, "tmp"])
        notes.append(Note("temporary_small", {"path": environment[name]}))
    return replace(plan, options=tuple(options), environment=environment, notes=tuple(notes))


def _with_room(machine: Machine, plan: Plan) -> Plan | Refusal:
    if machine.free_disk_mb >= plan.disk_mb:
        return plan
    values = {"free_mb": str(machine.free_disk_mb), "needed_mb": str(plan.disk_mb)}
    return Refusal("disk_too_small", {**values, "path": machine.python.prefix})


def from_the_usual_index(machine: Machine, plan: Plan, has_cpu_build: bool) -> Plan:
    """Return the plan for a network that does not reach PyTorch's own index.

    The same versions then come from where pip looks. On Linux that is a CUDA build, three GB of it,
    unless that place has the CPU build too; on Windows it is the CPU build.
    """
    parts = [_from_the_usual_index(machine, p, has_cpu_build) if p.index else p for p in plan.parts]
    return replace(plan, parts=tuple(parts))


def _from_the_usual_index(machine: Machine, part: Part, has_cpu_build: bool) -> Part:
    on_linux = machine.system == "Linux"
    taken = "cuda" if on_linux and not has_cpu_build else "cpu"
    download, disk = size(part.package, taken, platform_of(machine))
    part = replace(part, index="", download_mb=download, disk_mb=disk)
    if on_linux:
        return replace(part, exact=has_cpu_build and part.build == "cpu")
    return replace(part, build="cpu", device="cpu")
