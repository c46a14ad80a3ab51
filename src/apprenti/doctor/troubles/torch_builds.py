"""Does the build of PyTorch suit the NVIDIA cards and their driver?"""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.reinstall import part_for
from apprenti.findings import Finding, not_applicable
from apprenti.install.facts import (
    cuda_builds,
    driver_suffices,
    is_newer_than_the_facts,
    least_driver,
    runs_on,
)
from apprenti.install.gpus import usable_cards
from apprenti.machine.machine import Card, Machine, Package

CODES = ("F14", "F15", "F16", "F48")


def find(machine: Machine) -> Iterator[Finding]:
    torch = machine.packages.get("torch")
    if torch is None or machine.system == "Darwin":
        why = "no_pytorch" if torch is None else "one_build"
        yield from (not_applicable(code, why) for code in CODES)
        return
    cards, _ = usable_cards(machine)
    build = torch.build or ""
    if not cards:
        nothing = not machine.nvidia_trouble and not machine.nvidia and machine.system == "Linux"
        if build.startswith("cu") and nothing and not machine.wsl:
            values = {"build": build}
            yield Finding("F48", "note", "pytorch", values, "useless", commands_for("F48", machine))
        return
    if build.startswith("cu"):
        yield from _cuda(machine, torch, cards)
    elif not build.startswith(("rocm", "xpu")):
        part = part_for(machine, "pytorch")
        if part and part.device == "cuda" and not part.present:
            values = {"card": cards[0].name, "version": torch.version}
            yield Finding("F14", "warning", "pytorch", values, "F14", commands_for("F14", machine))


def _cuda(machine: Machine, torch: Package, cards: tuple[Card, ...]) -> Iterator[Finding]:
    cuda = version_of(torch.build or "")
    short = [card for card in cards if not driver_suffices(card, cuda, machine.system)]
    if len(short) == len(cards):
        card = short[0]
        values: dict[str, object] = {"card": card.name, "driver": card.driver, "cuda": cuda}
        values["least"] = least_driver(cuda, machine.system, card.compute)
        yield Finding("F15", "error", "pytorch", values, "F15", commands_for("F15", machine))
    elif not is_newer_than_the_facts("torch", torch.version):
        unserved = [card for card in cards if not _serves(machine, torch, card)]
        if unserved:
            card = unserved[0]
            values = {"card": card.name, "compute": card.compute, "build": torch.build or ""}
            severity = "error" if len(unserved) == len(cards) else "warning"
            cure = commands_for("F16", machine) if severity == "error" else ()
            yield Finding("F16", severity, "pytorch", values, "F16", cure)


def version_of(build: str) -> str:
    """Return the CUDA version of a build: cu126 is 12.6."""
    digits = build.removeprefix("cu")
    return f"{digits[:-1]}.{digits[-1:]}"


def _serves(machine: Machine, torch: Package, card: Card) -> bool:
    """Does a build of this release with this CUDA have code for the card? Unknown builds do."""
    architecture = "aarch64" if machine.architecture in ("aarch64", "arm64") else "x86_64"
    builds = [
        each for each in cuda_builds(torch.version, machine.system) if each.build == torch.build
    ]
    kernels = [kernel for each in builds for kernel in each.compute.get(architecture, ())]
    return not kernels or any(runs_on(kernel, card.compute) for kernel in kernels)
