"""What is known of a machine: all that decides what can be installed on it, and what troubles it.

Nothing is looked up here. `look.py` describes the machine at hand; files of JSON describe others.
Standard library only, and any Python from 3.8 on: start.py reads this before Apprenti is there.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Python:
    """The Python that runs, or that would.

    `version` is whole ("3.12.8"). `conda`: it is part of a conda environment. `store`: it comes
    from the Microsoft Store. `pip_python`: the interpreter that the command `pip` installs for,
    None when there is no such command, or when the environment was not entered. `prefix` is the
    folder of the environment.
    """

    version: str = "3.12.8"
    implementation: str = "CPython"
    bits: int = 64
    free_threaded: bool = False
    executable: str = "/home/me/project/.venv/bin/python"
    prefix: str = "/home/me/project/.venv"
    in_venv: bool = True
    externally_managed: bool = False
    conda: bool = False
    store: bool = False
    pip_python: str | None = None

    @property
    def line(self) -> tuple[int, int]:
        """The first two numbers of the version, those that packages go by: (3, 12)."""
        first, second, *_ = (*numbers(self.version), 0, 0)
        return first, second


@dataclass(frozen=True)
class Processor:
    """The processor and the instructions it has, which count on x86 only."""

    name: str = ""
    cores: int = 8
    avx: bool = True
    avx2: bool = True
    sse41: bool = True


@dataclass(frozen=True)
class Card:
    """One NVIDIA GPU as nvidia-smi tells it: driver "580.95.05", compute capability "8.9"."""

    name: str
    driver: str
    compute: str
    memory_mb: int = 8192


@dataclass(frozen=True)
class Package:
    """An installed distribution: its version, and its build where it tells ("cpu", "cu130")."""

    version: str
    build: str | None = None

    @staticmethod
    def read(written: str | dict[str, Any]) -> Package:
        """Read "2.15.0+cpu", or an object with the version and the build."""
        if isinstance(written, dict):
            _refuse_unknown(Package, written, "packages")
            return Package(**written)
        version, _, build = written.partition("+")
        return Package(version, build or None)


@dataclass(frozen=True)
class Machine:
    """A machine, with one Python on it. What is left out is that of an ordinary, healthy one.

    Names are those of Python: `system` of platform.system(), `architecture` of platform.machine().
    Sizes are in MB (10**6 bytes). `emulated` is "rosetta" for x86 code on Apple silicon, `wsl` 1 or
    2 inside Windows' Linux. `libc` is "glibc", "musl" or "". `macos`, `windows_build` and
    `vc_runtime` are empty where they mean nothing, the last also where it is missing.
    `prefix_length` counts the characters of the environment's folder.

    `nvidia_trouble` is what nvidia-smi printed when it failed; `wsl_libcuda` whether Windows lends
    its driver to WSL. `packages` has the distributions of this Python by their normal names;
    `shadows` the files of the current folder that hide a package; `openmp_runtimes` the OpenMP
    libraries of the environment; `kernels` the Python of each notebook kernel; `variables` those of
    the environment that matter here; `unknown` the probes that found no answer.
    """

    system: str = "Linux"
    release: str = ""
    architecture: str = "x86_64"
    emulated: str | None = None
    wsl: int = 0
    libc: str = ""
    libc_version: str = ""
    macos: str = ""
    windows_build: int = 0
    python: Python = field(default_factory=Python)
    processor: Processor = field(default_factory=Processor)
    memory_mb: int = 16000
    free_disk_mb: int = 100000
    free_temp_mb: int = 100000
    vc_runtime: str | None = None
    long_paths: bool = True
    prefix_length: int = 30
    nvidia: tuple[Card, ...] = ()
    nvidia_trouble: str = ""
    wsl_libcuda: bool = True
    amd: tuple[str, ...] = ()
    intel_gpus: tuple[str, ...] = ()
    apple_gpu: str = ""
    packages: dict[str, Package] = field(default_factory=dict)
    shadows: tuple[str, ...] = ()
    openmp_runtimes: tuple[str, ...] = ()
    kernels: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @staticmethod
    def from_json(written: dict[str, Any]) -> Machine:
        """Read a description; a key that is unknown is a ValueError that names it."""
        values = {**ORDINARY.get(str(written.get("system", "Linux")), {}), **written}
        _refuse_unknown(Machine, values, "")
        for name, kind in (("python", Python), ("processor", Processor)):
            given = values.get(name, {})
            _refuse_unknown(kind, given, name)
            values[name] = kind(**given)
        for card in values.get("nvidia", ()):
            _refuse_unknown(Card, card, "nvidia")
        values["nvidia"] = tuple(Card(**card) for card in values.get("nvidia", ()))
        packages = values.get("packages", {})
        values["packages"] = {name: Package.read(packages[name]) for name in packages}
        for name in ("amd", "intel_gpus", "shadows", "openmp_runtimes", "unknown"):
            values[name] = tuple(values.get(name, ()))
        return Machine(**values)

    def to_json(self) -> dict[str, Any]:
        """Return the whole description as JSON has it: objects, lists, texts and numbers."""
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }


ORDINARY: dict[str, dict[str, Any]] = {
    "Linux": {"libc": "glibc", "libc_version": "2.36"},
    "Windows": {"architecture": "AMD64", "windows_build": 22631, "vc_runtime": "14.44.35211"},
    "Darwin": {"architecture": "arm64", "macos": "15.1", "apple_gpu": "Apple M2"},
}
"""What a healthy machine of each system has, for descriptions that do not say."""


def _refuse_unknown(kind: Any, given: dict[str, Any], place: str) -> None:
    known = {each.name for each in fields(kind)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(f"unknown in a machine{place and f' ({place})'}: {', '.join(unknown)}")


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, to compare: "2.14.1+cu126" is (2, 14, 1)."""
    return tuple(int(digits) for digits in re.findall(r"\d+", version.partition("+")[0]))
