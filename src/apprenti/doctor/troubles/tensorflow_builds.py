"""Does the installed TensorFlow reach the NVIDIA cards, and does anything stand in its way?"""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for
from apprenti.doctor.reinstall import part_for
from apprenti.findings import Finding
from apprenti.install.facts import FACTS, TENSORFLOWS, platform_of
from apprenti.install.gpus import usable_cards
from apprenti.install.installed import CUDA_LIBRARIES
from apprenti.machine.machine import Machine, numbers

CODES = ("F17", "F19", "F20", "F21", "F47")
CUDNN, NVCC = CUDA_LIBRARIES


def find(machine: Machine) -> Iterator[Finding]:
    here = [name for name in TENSORFLOWS if name in machine.packages]
    if len(here) > 1:
        values = {"packages": ", ".join(here)}
        cure = commands_for("F47", machine)
        yield Finding("F47", "warning", "tensorflow", values, "twins", cure)
        return
    torch = machine.packages.get("torch")
    build = (torch.build if torch else None) or ""
    if build.startswith("cu13") and CUDNN in machine.packages:
        cure = commands_for("F20", machine)
        yield Finding("F20", "warning", "packages", {"build": build}, "two_cudas", cure)
        return
    cards, _ = usable_cards(machine)
    if here and cards and not build.startswith("cu"):
        yield from _with_card(machine, here[0])


def _with_card(machine: Machine, name: str) -> Iterator[Finding]:
    card = usable_cards(machine)[0][0]
    values = {"card": card.name, "compute": card.compute}
    facts = FACTS["tensorflow_gpu"]
    if platform_of(machine) != facts["platform"]:
        seen = "windows_gpu" if machine.system == "Windows" else "arm_gpu"
        cure = commands_for("F47", machine) if machine.system == "Windows" else ()
        yield Finding("F47", "note", "tensorflow", values, seen, cure)
        return
    newest = numbers(facts["compute"][1])
    if all(numbers(each.compute)[:1] > newest[:1] for each in machine.nvidia):
        if name == "tensorflow" and CUDNN in machine.packages:
            cure = commands_for("F17", machine)
            yield Finding("F17", "error", "tensorflow", values, "F17", cure)
        return
    part = part_for(machine, "tensorflow")
    if part is None or part.device != "cuda" or part.present:
        return
    if name == "tensorflow-cpu":
        cure = commands_for("F47", machine)
        yield Finding("F47", "warning", "tensorflow", values, "cpu_only", cure)
    elif CUDNN not in machine.packages:
        yield Finding("F19", "warning", "tensorflow", values, "F19", commands_for("F19", machine))
    elif NVCC not in machine.packages:
        yield Finding("F21", "warning", "tensorflow", {}, "F21", commands_for("F21", machine))
