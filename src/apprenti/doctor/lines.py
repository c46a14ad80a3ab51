"""An examination in words: one line a topic."""

from functools import reduce
from typing import Any

from apprenti.doctor.examination import TOPICS, Examination
from apprenti.doctor.prove import Proof
from apprenti.doctor.words import libc, step_named
from apprenti.install.guide import amount
from apprenti.install.installed import DISTRIBUTIONS, version_of
from apprenti.language import say
from apprenti.machine.machine import Card


def lines(found: Examination) -> dict[str, str]:
    """Return the line of each topic of which there is something to say, in their order."""
    told = {topic: LINES[topic](found) for topic in TOPICS}
    return {
        topic: say("doctor.line.unknown") if found.state(topic) == "unknown" else line
        for topic, line in told.items()
        if line or found.state(topic) not in ("ok", "absent")
    }


def _system(found: Examination) -> str:
    machine = found.machine
    details = ""
    if machine.system == "Darwin":
        details = f", macOS {machine.macos}"
    elif machine.system == "Windows":
        version = machine.vc_runtime or "-"
        details = say("doctor.line.windows", build=str(machine.windows_build), version=version)
    elif machine.libc:
        details = f", {libc(machine)}"
    details += say("doctor.line.rosetta") if machine.emulated == "rosetta" else ""
    details += f", WSL {machine.wsl}" if machine.wsl else ""
    about = {"system": machine.system, "release": machine.release}
    line = say("doctor.line.system", architecture=machine.architecture, details=details, **about)
    return " ".join(line.split(" ")).replace("  ", " ")


def _python(found: Examination) -> str:
    python = found.machine.python
    place = "in_venv" if python.in_venv else "in_conda" if python.conda else "outside"
    if python.externally_managed and not python.in_venv:
        place = "of_system"
    about = {"implementation": python.implementation, "version": python.version}
    return say("doctor.line.python", bits=python.bits, place=say(f"doctor.line.{place}"), **about)


def _processor(found: Examination) -> str:
    processor = found.machine.processor
    flags = ""
    if found.machine.architecture in ("x86_64", "AMD64"):
        has = {"AVX": processor.avx, "AVX2": processor.avx2}
        flags = "".join(f", {name}" for name, there in has.items() if there)
    name = processor.name or found.machine.architecture
    return say("doctor.line.processor", name=name, cores=processor.cores, flags=flags)


def _memory(found: Examination) -> str:
    return amount(found.machine.memory_mb)


def _disk(found: Examination) -> str:
    free, temporary = amount(found.machine.free_disk_mb), amount(found.machine.free_temp_mb)
    return say("doctor.line.disk", free=free, temporary=temporary)


def _gpu(found: Examination) -> str:
    machine = found.machine
    told = [_card(card) for card in machine.nvidia]
    if machine.apple_gpu:
        told.append(f"{machine.apple_gpu} (Metal)")
    if machine.nvidia_trouble and not machine.nvidia:
        told.append(say("doctor.line.gpu_silent"))
    told += machine.amd
    if not told:
        return say("doctor.line.no_gpu")
    return reduce(lambda first, second: say("doctor.line.and", first=first, second=second), told)


def _card(card: Card) -> str:
    return say("doctor.line.card", name=card.name, driver=card.driver, compute=card.compute)


def _framework(framework: str) -> Any:
    def line(found: Examination) -> str:
        version = version_of(found.machine, framework)
        if not version:
            return say("doctor.line.absent", name=framework)
        names = [name for name in DISTRIBUTIONS[framework] if name in found.machine.packages]
        build = found.machine.packages[names[0]].build
        words = say("doctor.line.build", build=build) if build else ""
        told = say("doctor.line.framework", version=version, build=words)
        proof = found.proofs.get(framework)
        return _tried(told, proof) if proof else told

    return line


def _tried(line: str, proof: Proof) -> str:
    if proof.end != "done":
        step = step_named(proof.step or "import", proof.device)
        return say("doctor.line.failed", line=line, step=step)
    devices = ", ".join(name for name, right in proof.devices.items() if right)
    if proof.trained is None or proof.troubles:
        return say("doctor.line.tried", line=line, devices=devices)
    gaps = [gap for gap in (proof.trained, proof.compiled) if gap is not None]
    numbers = {"gap": max(1e-9, *gaps), "seconds": proof.seconds}
    shape = "trained" if proof.compiled is None else "compiled"
    return say(f"doctor.line.{shape}", line=line, devices=devices, **numbers)


SHOWN = ("numpy", "keras", "protobuf", "torchvision", "tensorboard", "setuptools")


def _packages(found: Examination) -> str:
    here = found.machine.packages
    names = [f"{name} {here[name].version}" for name in SHOWN if name in here]
    if "numpy" not in here:
        return say("doctor.line.no_packages")
    return ", ".join(names)


def _folder(found: Examination) -> str:
    return ", ".join(found.machine.shadows) or say("doctor.line.folder")


def _notebook(found: Examination) -> str:
    kernel = found.machine.kernels.get("python3", "")
    if not kernel or "ipykernel" not in found.machine.packages:
        return ""
    return kernel if found.state("notebook") != "ok" else say("doctor.line.kernel")


def _variables(found: Examination) -> str:
    names = [name for name in found.machine.variables if not name.startswith("PIP_")]
    return ", ".join(names)


LINES: dict[str, Any] = {
    "system": _system,
    "python": _python,
    "processor": _processor,
    "memory": _memory,
    "disk": _disk,
    "gpu": _gpu,
    "pytorch": _framework("pytorch"),
    "tensorflow": _framework("tensorflow"),
    "packages": _packages,
    "folder": _folder,
    "notebook": _notebook,
    "variables": _variables,
}
