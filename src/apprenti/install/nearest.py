"""The nearest thing that can work where the answer is no: small changes, tried one by one.

Each way changes what was asked, or the machine, as little as it can; the first that `decide`
accepts counts, so that nothing is suggested that would be refused in turn.

Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from apprenti.install.facts import FACTS, SAFEST_PYTHON
from apprenti.install.gpus import with_driver
from apprenti.install.plan import Nearest, Plan, Refusal
from apprenti.machine.machine import Machine, Python


@dataclass(frozen=True)
class Case:
    """What `decide` is asked."""

    machine: Machine
    wanted: tuple[str, ...]
    gpu: bool | None


@dataclass(frozen=True)
class Way:
    """A change: the case after it, and the values for its sentence. No case: it is not provable."""

    case: Case | None
    values: dict[str, str] = field(default_factory=dict)


def nearest(
    refusal: Refusal,
    machine: Machine,
    wanted: Collection[str],
    gpu: bool | None,
    decide: Callable[[Machine, Collection[str], bool | None], Plan | Refusal],
) -> Refusal:
    """Return the refusal with the nearest thing that `decide` would accept."""
    for use in dict.fromkeys((gpu, gpu and None)):  # first with the GPU that was asked for
        case = Case(machine, tuple(wanted), use)
        for name in WAYS.get(refusal.key, ("on_the_processor",)):
            for key, way in MAKERS[name](case, refusal):
                new = way.case
                found = decide(new.machine, new.wanted, new.gpu) if new else None
                if found is None or isinstance(found, Plan):
                    return replace(refusal, nearest=Nearest(key, way.values, found))
    return replace(refusal, nearest=Nearest("elsewhere"))


def _python(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    """Another Python on the same machine."""
    machine = case.machine
    if machine.emulated:
        machine = replace(machine, architecture="arm64", emulated=None)
    found = []
    for line in SAFEST_PYTHON:
        changed = replace(machine, python=_ordinary(machine.python, line))
        found.append(("python", Way(replace(case, machine=changed), {"python": line})))
    return found


def _one(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    """One of the two frameworks."""
    names = case.wanted if len(case.wanted) > 1 else ()
    return [(f"only_{name}", Way(replace(case, wanted=(name,)))) for name in sorted(names)]


def _processor(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    return [("on_the_processor", Way(replace(case, gpu=False)))]


def _wsl(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    """Linux inside Windows, which takes a Windows that is recent enough."""
    least = FACTS["wsl"]["windows_build"]
    if case.machine.system != "Windows" or case.machine.windows_build < least:
        return []
    arm = case.machine.architecture == "ARM64"
    inside = _in_linux(case.machine, "aarch64" if arm else "x86_64")
    return [("wsl", Way(replace(case, machine=replace(inside, wsl=2))))]


def _container(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    inside = _in_linux(case.machine, case.machine.architecture)
    return [("container", Way(replace(case, machine=inside), {"python": SAFEST_PYTHON[0]}))]


def _in_linux(machine: Machine, architecture: str) -> Machine:
    """Debian 12 with the safest Python on the same machine."""
    python = _ordinary(machine.python, SAFEST_PYTHON[0])
    linux = replace(machine, system="Linux", libc="glibc", libc_version="2.36")
    return replace(linux, architecture=architecture, python=python)


def _ordinary(python: Python, line: str) -> Python:
    ordinary = replace(python, implementation="CPython", bits=64, free_threaded=False)
    return replace(ordinary, version=f"{line}.0")


def _driver(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    cards = tuple(with_driver(card, "999") for card in case.machine.nvidia)
    values = {"least": refusal.values.get("least", "")}
    return [("driver", Way(replace(case, machine=replace(case.machine, nvidia=cards)), values))]


def _macos(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    floor = refusal.values.get("floor", "")
    changed = replace(case.machine, macos=floor)
    return [("macos", Way(replace(case, machine=changed), {"floor": floor}))]


def _room(case: Case, refusal: Refusal) -> list[tuple[str, Way]]:
    return [("room", Way(None, refusal.values))]


MAKERS = {
    "python": _python,
    "one": _one,
    "on_the_processor": _processor,
    "wsl": _wsl,
    "container": _container,
    "driver": _driver,
    "macos": _macos,
    "room": _room,
}

WAYS = {
    "python_not_cpython": ("python",),
    "python_32_bits": ("python",),
    "python_free_threaded": ("python", "one"),
    "python_too_old": ("python", "one"),
    "python_too_new": ("python", "one"),
    "python_only_candidate": ("python", "one"),
    "mac_intel": ("python",),
    "mac_rosetta": ("python",),
    "mac_too_old": ("one", "macos"),
    "windows_arm": ("wsl",),
    "machine_unknown": (),
    "linux_musl": ("container",),
    "linux_too_old": ("container",),
    "no_avx": ("one",),
    "no_sse41": (),
    "disk_too_small": ("on_the_processor", "one", "room"),
    "driver_too_old": ("driver", "on_the_processor"),
    "card_too_old": ("python", "on_the_processor"),
    "tensorflow_gpu_windows": ("wsl", "on_the_processor"),
    "tensorflow_metal_python": ("python", "on_the_processor"),
}
"""For each refusal the ways that may help, in the order in which they are tried.

A GPU that cannot be used leaves the processor.
"""
