"""Does the installed TensorFlow reach the NVIDIA cards, and does anything stand in its way?"""

from collections.abc import Iterator

from apprenti.doctor.cures import commands_for, part_for
from apprenti.doctor.facts import FACTS, TENSORFLOWS, platform_of
from apprenti.doctor.gpus import usable_cards
from apprenti.doctor.installed import CUDA_LIBRARIES
from apprenti.doctor.machine import Machine, numbers
from apprenti.doctor.troubles.trouble import Trouble

IDS = ("F17", "F19", "F20", "F21", "F47")
CUDNN, NVCC = CUDA_LIBRARIES


def find(machine: Machine) -> Iterator[Trouble]:
    here = [name for name in TENSORFLOWS if name in machine.packages]
    if len(here) > 1:
        values = {"packages": ", ".join(here)}
        cure = commands_for("F47", machine)
        yield Trouble("F47", "warn", "tensorflow", "twins", values, cure)
        return
    torch = machine.packages.get("torch")
    build = (torch.build if torch else None) or ""
    if build.startswith("cu13") and CUDNN in machine.packages:
        cure = commands_for("F20", machine)
        yield Trouble("F20", "warn", "packages", "two_cudas", {"build": build}, cure)
        return
    cards, _ = usable_cards(machine)
    if here and cards and not build.startswith("cu"):
        yield from _with_card(machine, here[0])


def _with_card(machine: Machine, name: str) -> Iterator[Trouble]:
    card = usable_cards(machine)[0][0]
    values = {"card": card.name, "compute": card.compute}
    facts = FACTS["tensorflow_gpu"]
    if platform_of(machine) != facts["platform"]:
        seen = "windows_gpu" if machine.system == "Windows" else "arm_gpu"
        cure = commands_for("F47", machine) if machine.system == "Windows" else ()
        yield Trouble("F47", "note", "tensorflow", seen, values, cure)
        return
    newest = numbers(facts["compute"][1])
    if all(numbers(each.compute)[:1] > newest[:1] for each in machine.nvidia):
        if name == "tensorflow" and CUDNN in machine.packages:
            cure = commands_for("F17", machine)
            yield Trouble("F17", "fail", "tensorflow", "F17", values, cure)
        return
    part = part_for(machine, "tensorflow")
    if part is None or part.device != "cuda" or part.present:
        return
    if name == "tensorflow-cpu":
        cure = commands_for("F47", machine)
        yield Trouble("F47", "warn", "tensorflow", "cpu_only", values, cure)
    elif CUDNN not in machine.packages:
        yield Trouble("F19", "warn", "tensorflow", "F19", values, commands_for("F19", machine))
    elif NVCC not in machine.packages:
        yield Trouble("F21", "warn", "tensorflow", "F21", {}, commands_for("F21", machine))
