"""What exists and where it runs: facts.json, the one dated file, with types.

`python start.py`, `apprenti install` and `apprenti doctor` all read it. Each fact has its source in
the file. Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from apprenti.machine.machine import Card, Machine, Package, numbers

FACTS: dict[str, Any] = json.loads(
    Path(__file__).with_name("facts.json").read_text(encoding="utf-8")
)

AS_OF: str = FACTS["as_of"]
TESTED: dict[str, str] = FACTS["tested"]
"""The versions that Apprenti is tested with, those of constraints.txt."""

LATEST: dict[str, str] = FACTS["latest"]
"""The last final release of each package, on the day of the file."""

SAFEST_PYTHON: tuple[str, ...] = tuple(FACTS["safest_python"])
"""The Pythons for which both frameworks exist on every current system, the best choice first."""

APPRENTI_PYTHON: tuple[str, str] = tuple(FACTS["apprenti"]["python"])
"""The oldest and the newest Python that Apprenti itself runs on."""

PACKAGES = {"pytorch": "torch", "tensorflow": "tensorflow"}
TENSORFLOWS = ("tensorflow", "tensorflow-cpu", "tensorflow-gpu")
"""Distributions that write the same files: one of them at most may be installed."""

ARCHITECTURES = {
    ("Linux", "x86_64"): "linux_x86_64",
    ("Linux", "aarch64"): "linux_aarch64",
    ("Linux", "arm64"): "linux_aarch64",
    ("Windows", "AMD64"): "windows_x64",
    ("Windows", "x86_64"): "windows_x64",
    ("Darwin", "arm64"): "macos_arm64",
    ("Darwin", "x86_64"): "macos_x86_64",
}


def platform_of(machine: Machine) -> str:
    """Return the name that facts.json has for a system and its architecture, or ""."""
    return ARCHITECTURES.get((machine.system, machine.architecture), "")


# ---- Releases


@dataclass(frozen=True)
class Release:
    """One release of torch or of tensorflow: the Pythons and the systems that it has files for.

    `floors` has the oldest glibc or macOS of each platform; `together` what must be installed with
    it, because its own metadata do not say so.
    """

    version: str
    python: tuple[str, str]
    floors: dict[str, str]
    date: str = ""
    free_threaded: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    prerelease: bool = False

    def has_python(self, machine: Machine) -> bool:
        oldest, newest = (numbers(line) for line in self.python)
        line = machine.python.line
        if machine.python.free_threaded and "{}.{}".format(*line) not in self.free_threaded:
            return False
        return oldest <= line <= newest

    def has_system(self, machine: Machine) -> bool:
        floor = self.floors.get(platform_of(machine))
        if floor is None:
            return False
        own = {"Linux": machine.libc_version, "Darwin": machine.macos}.get(machine.system, "")
        return numbers(own) >= numbers(floor)

    def fits(self, machine: Machine) -> bool:
        return not self.prerelease and self.has_python(machine) and self.has_system(machine)


def releases(framework: str) -> tuple[Release, ...]:
    """Return the releases of a framework, the newest first."""
    return tuple(_release(row) for row in FACTS["releases"][PACKAGES[framework]])


def _release(row: dict[str, Any]) -> Release:
    frozen: dict[str, Any] = {}
    for name, value in row.items():
        frozen[name] = tuple(value) if isinstance(value, list) else value
    return Release(**frozen)


def is_newer_than_the_facts(package: str, version: str) -> bool:
    """Is this version later than all that facts.json knows of the package? Then nothing is sure."""
    return package in LATEST and numbers(version) > numbers(LATEST[package])


# ---- NVIDIA


@dataclass(frozen=True)
class Cuda:
    """One CUDA build of PyTorch: its index ("" is PyPI) and the cards that its kernels serve."""

    tag: str
    cuda: str
    torch: str
    systems: tuple[str, ...]
    compute: dict[str, list[str]]
    source: str

    @property
    def build(self) -> str:
        """What follows the "+" in the version that PyTorch tells: cu130 for CUDA 13.0."""
        return "cu" + self.cuda.replace(".", "")

    def serves(self, card: Card, machine: Machine) -> bool:
        """Are there kernels for this card, and is its driver recent enough?"""
        architecture = "aarch64" if machine.architecture in ("aarch64", "arm64") else "x86_64"
        kernels = self.compute.get(architecture, ())
        runs = any(runs_on(each, card.compute) for each in kernels)
        return runs and driver_suffices(card, self.cuda, machine.system)


def runs_on(kernel: str, compute: str) -> bool:
    """Does code for one compute capability run on another? Up to the same major one, it does."""
    made, card = numbers(kernel), numbers(compute)
    return made[:1] == card[:1] and made <= card


def cuda_builds(version: str, system: str) -> tuple[Cuda, ...]:
    """Return the CUDA builds of a torch release for a system, those to be preferred first."""
    rows = (Cuda(**row) for row in FACTS["cuda"])
    return tuple(row for row in rows if system in row.systems and satisfies(version, row.torch))


def least_driver(cuda: str, system: str, compute: str = "0") -> str:
    """Return the oldest NVIDIA driver for a CUDA version; Blackwell cards need a later one."""
    drivers = FACTS["drivers"]
    least: str = drivers[cuda.partition(".")[0]].get(system, "0")
    if numbers(compute) >= (10,):
        least = max(least, drivers["blackwell"].get(system, "0"), key=numbers)
    return least


def driver_suffices(card: Card, cuda: str, system: str) -> bool:
    return numbers(card.driver) >= numbers(least_driver(cuda, system, card.compute))


# ---- What goes together


@dataclass(frozen=True)
class Pair:
    """A rule of two packages: these `packages` in these `versions` need the other in a range."""

    packages: tuple[str, ...]
    versions: str
    needs: str
    range: str
    trouble: str
    source: str


def pairs() -> tuple[Pair, ...]:
    return tuple(Pair(**{**row, "packages": tuple(row["packages"])}) for row in FACTS["pairs"])


def broken_pairs(packages: dict[str, Package]) -> list[tuple[str, Pair]]:
    """Return the rules that the installed packages break, each with the package that has them."""
    found = []
    for pair in pairs():
        for name in pair.packages:
            here, other = packages.get(name), packages.get(pair.needs)
            applies = here and other and satisfies(here.version, pair.versions)
            if applies and other and not satisfies(other.version, pair.range):
                found.append((name, pair))
    return found


def satisfies(version: str, wanted: str) -> bool:
    """Is a version in a range such as ">=6.31.1,<8"? A candidate counts as the final version."""
    return all(_compares(numbers_of_release(version), each) for each in wanted.split(","))


def numbers_of_release(version: str) -> tuple[int, ...]:
    """Return the numbers of a version without those of a candidate: 2.22.0rc0 is (2, 22, 0)."""
    return numbers(re.split(r"(?:rc|a|b|\.?dev|\.?post)\d", version)[0])


def _compares(have: tuple[int, ...], wanted: str) -> bool:
    found = re.match(r"\s*(>=|<=|==|!=|<|>)\s*([\d.]+)\s*$", wanted)
    if not found:
        raise ValueError(f"not a range of versions: {wanted}")
    limit = numbers(found.group(2))
    length = max(len(have), len(limit))
    left, right = (each + (0,) * (length - len(each)) for each in (have, limit))
    return {
        ">=": left >= right,
        "<=": left <= right,
        "==": left == right,
        "!=": left != right,
        "<": left < right,
        ">": left > right,
    }[found.group(1)]


# ---- Sizes


def size(package: str, device: str, platform: str) -> tuple[int, int]:
    """Return the MB to download and the MB of disk to allow for, with all that the package needs.

    The disk counts what pip keeps of the downloads.
    """
    for row in FACTS["sizes"]:
        wanted = (row["package"], row["device"], row["platform"])
        if all(each in ("*", own) for each, own in zip(wanted, (package, device, platform))):  # noqa: B905
            return row["download_mb"], row["disk_mb"]
    raise KeyError((package, device, platform))
