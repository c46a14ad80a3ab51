"""What of a plan is installed already, what is in its way, and what goes badly with it.

Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from apprenti.install.facts import (
    AS_OF,
    TENSORFLOWS,
    broken_pairs,
    is_newer_than_the_facts,
)
from apprenti.install.plan import Note, Part
from apprenti.machine.machine import Machine, Package

CUDA_LIBRARIES = ("nvidia-cudnn-cu12", "nvidia-cuda-nvcc-cu12")
"""What tensorflow[and-cuda] brings, and what a TensorFlow for the GPU does not go without."""

DISTRIBUTIONS = {"pytorch": ("torch",), "tensorflow": TENSORFLOWS}
"""The packages in which each framework comes."""

REPAIR = (20, 100)
"""MB to download and of disk to allow for where only a package beside the framework is wrong."""


def version_of(machine: Machine, framework: str) -> str:
    """Return the installed version of a framework, "" if there is none."""
    names = [name for name in DISTRIBUTIONS[framework] if name in machine.packages]
    return machine.packages[names[0]].version if names else ""


def has_the_card(machine: Machine, wanted: Collection[str]) -> str:
    """Return the framework that is not asked for now and is installed for CUDA already, or ""."""
    torch = machine.packages.get("torch")
    if torch and (torch.build or "").startswith("cu"):
        return "" if "pytorch" in wanted else "pytorch"
    if "tensorflow" in machine.packages and CUDA_LIBRARIES[0] in machine.packages:
        return "" if "tensorflow" in wanted else "tensorflow"
    return ""


def compared(machine: Machine, part: Part) -> Part:
    """Return the part marked as present if it is; if what goes with it is wrong, with the cure."""
    if in_the_way(machine, part) or not (_is_there(machine, part) or is_newer(machine, part)):
        return part
    names = TENSORFLOWS if part.framework == "tensorflow" else (part.package,)
    broken = [pair for name, pair in broken_pairs(machine.packages) if name in names]
    if part.device != "cuda":
        broken = [pair for pair in broken if pair.needs not in CUDA_LIBRARIES]
    if not broken:
        return replace(part, present=True)
    cures = [f"{pair.needs}{pair.range}" for pair in broken]
    download, disk = REPAIR
    here = next(name for name in names if name in machine.packages)
    return replace(
        part,
        package=here,
        index="",
        together=tuple(dict.fromkeys((*part.together, *cures))),
        download_mb=download,
        disk_mb=disk,
    )


def _is_there(machine: Machine, part: Part) -> bool:
    here = _counterpart(machine, part)
    if here is None or here.version != part.version:
        return False
    if part.extra:
        return all(name in machine.packages for name in CUDA_LIBRARIES)
    if part.device == "metal":
        return "tensorflow-metal" in machine.packages
    return part.framework != "pytorch" or (here.build or "") == part.build


def _counterpart(machine: Machine, part: Part) -> Package | None:
    """Return what is installed in the part's place; on the processor either TensorFlow will do."""
    either = part.framework == "tensorflow" and part.device == "cpu"
    names = (part.package, *TENSORFLOWS) if either else (part.package,)
    return next((machine.packages[name] for name in names if name in machine.packages), None)


def is_newer(machine: Machine, part: Part) -> bool:
    """Is a later version installed than facts.json knows of? It is left alone."""
    here = _counterpart(machine, part)
    return here is not None and is_newer_than_the_facts(part.package, here.version)


def newer_note(machine: Machine, part: Part) -> Note:
    here = _counterpart(machine, part)
    values = {"package": part.package, "version": here.version if here else "", "date": AS_OF}
    return Note("newer_than_the_facts", values)


def in_the_way(machine: Machine, part: Part) -> list[str]:
    """Return the distributions that must go first, since pip would leave them or their files."""
    here = machine.packages
    if part.framework == "pytorch":
        torch = here.get("torch")
        same = torch and torch.version == part.version and (torch.build or "") != part.build
        return ["torch"] if same and not part.index else []
    twins = [name for name in TENSORFLOWS if name in here]
    right = [name for name in twins if here[name].version == part.version]
    keep = right if part.device == "cpu" else []
    found = [] if len(twins) == 1 and twins[0] in (*keep, part.package) else twins
    if "tensorflow-metal" in here and part.device != "metal":
        found = [*found, "tensorflow-metal"]
    return found


def libraries_in_the_way(machine: Machine, parts: list[Part]) -> list[str]:
    """Return TensorFlow's CUDA 12 libraries where PyTorch for CUDA 13 writes the same files."""
    if not any(part.build.startswith("cu13") for part in parts):
        return []
    return sorted(name for name in machine.packages if name.endswith("-cu12"))
