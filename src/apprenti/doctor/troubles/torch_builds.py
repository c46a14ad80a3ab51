"""Does the build of PyTorch suit the NVIDIA cards and their driver?"""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for, part_for
from apprenti.doctor.facts import (
    cuda_builds,
    driver_suffices,
    is_newer_than_the_facts,
    least_driver,
    runs_on,
)
from apprenti.doctor.gpus import usable_cards
from apprenti.doctor.machine import Card, Machine, Package
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F14", "F15", "F16", "F48")


def find(machine: Machine) -> Iterator[Trouble]:
    torch = machine.packages.get("torch")
    if torch is None or machine.system == "Darwin":
        return
    cards, _ = usable_cards(machine)
    build = torch.build or ""
    if not cards:
        nothing = not machine.nvidia_trouble and not machine.nvidia and machine.system == "Linux"
        if build.startswith("cu") and nothing and not machine.wsl:
            values = {"build": build}
            yield Trouble("F48", "note", "pytorch", "useless", values, commands_for("F48", machine))
        return
    if build.startswith("cu"):
        yield from _cuda(machine, torch, cards)
    elif not build.startswith(("rocm", "xpu")):
        part = part_for(machine, "pytorch")
        if part and part.device == "cuda" and not part.present:
            values = {"card": cards[0].name, "version": torch.version}
            yield Trouble("F14", "warn", "pytorch", "F14", values, commands_for("F14", machine))


def _cuda(machine: Machine, torch: Package, cards: tuple[Card, ...]) -> Iterator[Trouble]:
    cuda = version_of(torch.build or "")
    short = [card for card in cards if not driver_suffices(card, cuda, machine.system)]
    if len(short) == len(cards):
        card = short[0]
        values: dict[str, object] = {"card": card.name, "driver": card.driver, "cuda": cuda}
        values["least"] = least_driver(cuda, machine.system, card.compute)
        yield Trouble("F15", "fail", "pytorch", "F15", values, commands_for("F15", machine))
    elif not is_newer_than_the_facts("torch", torch.version):
        unserved = [card for card in cards if not _serves(machine, torch, card)]
        if unserved:
            card = unserved[0]
            values = {"card": card.name, "compute": card.compute, "build": torch.build or ""}
            severity = "fail" if len(unserved) == len(cards) else "warn"
            cure = commands_for("F16", machine) if severity == "fail" else ()
            yield Trouble("F16", severity, "pytorch", "F16", values, cure)


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
