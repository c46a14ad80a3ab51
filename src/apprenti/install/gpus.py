"""Which build of each framework computes where: on the processor or on which GPU, and why not.

Standard library only, and any Python from 3.8 on.
"""

from __future__ import annotations

from dataclasses import replace

from apprenti.install.facts import (
    FACTS,
    Cuda,
    Release,
    cuda_builds,
    driver_suffices,
    least_driver,
    platform_of,
    satisfies,
)
from apprenti.install.plan import Note, Part
from apprenti.machine.machine import Card, Machine, numbers


def torch(
    machine: Machine, candidates: list[Release], gpu: bool | None
) -> tuple[Part, Note | None]:
    """Choose the build of PyTorch among releases that fit, the preferred one first.

    The note says why a GPU that is there, or that was asked for, is left out.
    """
    if platform_of(machine) == "macos_arm64":
        return _torch_part(candidates[0], "cpu" if gpu is False else "mps"), None
    processor = _torch_on_processor(machine, candidates[0])
    if gpu is False:
        return processor, None
    cards, why = usable_cards(machine)
    if cards:
        release, cuda = _serving_most(machine, cards, candidates)
        if cuda:
            index = f"{FACTS['torch_index']}{cuda.tag}" if cuda.tag else ""
            left_out = [card for card in cards if not cuda.serves(card, machine)]
            note = Note("card_left_out", _values(left_out[0])) if left_out else None
            return _torch_part(release, "cuda", cuda.build, index), note
        return processor, _why_not_torch(machine, cards, candidates)
    if gpu and why and why.key == "amd_possible":
        return _torch_on_amd(candidates) or (processor, Note("amd_version"))
    return processor, why if gpu or _has_a_card(machine) or machine.amd else None


def tensorflow(
    machine: Machine, candidates: list[Release], gpu: bool | None
) -> tuple[Part, Note | None]:
    """Choose the build of TensorFlow, as `torch` does that of PyTorch."""
    release, facts = candidates[0], FACTS["tensorflow_gpu"]
    on_cpu = "tensorflow-cpu" if platform_of(machine) in FACTS["tensorflow_cpu_on"] else ""
    processor = Part(
        "tensorflow", on_cpu or "tensorflow", release.version, "cpu", together=release.together
    )
    if gpu is False:
        return processor, None
    if machine.apple_gpu and platform_of(machine) == "macos_arm64":
        return _tensorflow_on_apple(machine, candidates, processor) if gpu else (processor, None)
    cards, why = usable_cards(machine)
    if not cards:
        if machine.amd and not _has_a_card(machine):
            why = Note("amd_tensorflow", {"card": machine.amd[0]})
        return processor, why if gpu or _has_a_card(machine) else None
    if platform_of(machine) != facts["platform"]:
        system = "windows" if machine.system == "Windows" else "arm"
        return processor, Note(f"tensorflow_gpu_{system}", _values(cards[0]))
    why = _why_not_tensorflow(machine, cards)
    if why:
        return processor, why
    if not satisfies(release.version, facts["versions"]):
        return processor, Note("tensorflow_gpu_version", {"version": release.version})
    part = Part(
        "tensorflow",
        "tensorflow",
        release.version,
        "cuda",
        extra=facts["extra"],
        together=release.together,
    )
    return part, None


def usable_cards(machine: Machine) -> tuple[tuple[Card, ...], Note | None]:
    """Return the NVIDIA cards that programs can reach, or the note that says why there is none."""
    if machine.wsl == 1:
        return (), Note("wsl1")
    if machine.nvidia_trouble:
        return (), Note("nvidia_trouble", {"detail": machine.nvidia_trouble})
    if machine.nvidia and machine.wsl and not machine.wsl_libcuda:
        return (), Note("wsl_driver", _values(machine.nvidia[0]))
    if machine.nvidia:
        return machine.nvidia, None
    if machine.amd:
        possible = platform_of(machine) == FACTS["rocm"]["platform"]
        return (), Note("amd_possible" if possible else "amd_elsewhere", {"card": machine.amd[0]})
    if machine.intel_gpus:
        return (), Note("intel_gpu", {"card": machine.intel_gpus[0], "index": _index("xpu")})
    return (), Note("no_gpu")


def _has_a_card(machine: Machine) -> bool:
    return bool(machine.nvidia or machine.nvidia_trouble)


def _serving_most(
    machine: Machine, cards: tuple[Card, ...], candidates: list[Release]
) -> tuple[Release, Cuda | None]:
    """Return the build that serves the most cards; of equal ones, the first of the candidates."""
    best: tuple[Release, Cuda | None] = (candidates[0], None)
    most = 0
    for release in candidates:
        for cuda in cuda_builds(release.version, machine.system):
            served = sum(cuda.serves(card, machine) for card in cards)
            if served > most:
                best, most = (release, cuda), served
    return best


def _torch_part(release: Release, device: str, build: str = "", index: str = "") -> Part:
    together = release.together
    return Part("pytorch", "torch", release.version, device, build, index=index, together=together)


def _torch_on_processor(machine: Machine, release: Release) -> Part:
    """On Linux PyPI has a CUDA build (on arm since 2.11); the CPU build has its own index."""
    default = {
        "linux_x86_64": True,
        "linux_aarch64": satisfies(release.version, ">=2.11"),
    }
    own_index = default.get(platform_of(machine), False)
    build = "" if machine.system == "Darwin" else "cpu"
    return _torch_part(release, "cpu", build, _index("cpu") if own_index else "")


def _torch_on_amd(candidates: list[Release]) -> tuple[Part, Note | None] | None:
    for release in candidates:
        for row in FACTS["rocm"]["indexes"]:
            if satisfies(release.version, row["torch"]):
                part = _torch_part(release, "rocm", row["tag"], _index(row["tag"]))
                return part, Note("amd_limits")
    return None


def _tensorflow_on_apple(
    machine: Machine, candidates: list[Release], processor: Part
) -> tuple[Part, Note | None]:
    """The Apple GPU needs a plug-in, which stopped at an older TensorFlow."""
    metal = FACTS["metal"]
    for release in candidates:
        if release.version == metal["tensorflow"]:
            plug_in = f"tensorflow-metal=={metal['tensorflow-metal']}"
            together = (plug_in, *release.together)
            part = Part("tensorflow", "tensorflow", release.version, "metal", together=together)
            return part, Note("tensorflow_metal", {"version": release.version})
    return processor, Note("tensorflow_metal_python", {"newest": metal["python"][1]})


def _why_not_torch(machine: Machine, cards: tuple[Card, ...], candidates: list[Release]) -> Note:
    """No build serves any card: say whether the driver or the card is the reason."""
    builds = [cuda for each in candidates for cuda in cuda_builds(each.version, machine.system)]
    for card in cards:
        modern = with_driver(card, "999")
        serving = [cuda for cuda in builds if cuda.serves(modern, machine)]
        if serving:
            floors = [least_driver(cuda.cuda, machine.system, card.compute) for cuda in serving]
            return Note("driver_too_old", {**_values(card), "least": min(floors, key=numbers)})
    oldest = min((numbers(card.compute) for card in cards), default=(0,))
    return Note("card_too_old" if oldest < (10,) else "card_too_new", _values(cards[0]))


def _why_not_tensorflow(machine: Machine, cards: tuple[Card, ...]) -> Note | None:
    """Return the reason why TensorFlow can use none of these cards, or None if it can."""
    facts = FACTS["tensorflow_gpu"]
    oldest, newest = (numbers(each) for each in facts["compute"])
    reasons = []
    for card in cards:
        compute = numbers(card.compute)
        if compute < oldest:
            reasons.append(Note("tensorflow_card_old", _values(card)))
        elif compute[0] > newest[0]:
            reasons.append(Note("tensorflow_card_new", _values(card)))
        elif not driver_suffices(card, facts["cuda"], machine.system):
            least = least_driver(facts["cuda"], machine.system)
            reasons.append(Note("driver_too_old", {**_values(card), "least": least}))
        else:
            return None
    return reasons[0]


def with_driver(card: Card, driver: str) -> Card:
    return replace(card, driver=driver)


def _values(card: Card) -> dict[str, str]:
    return {"card": card.name, "driver": card.driver, "compute": card.compute}


def _index(tag: str) -> str:
    return f"{FACTS['torch_index']}{tag}"
