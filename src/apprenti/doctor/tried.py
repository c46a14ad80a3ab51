"""What the trials of the frameworks showed, as troubles."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from apprenti.doctor import cures, troubles
from apprenti.doctor.prove import (
    CRASHED,
    HANGS,
    NOT_COMPILED,
    NOT_STARTED,
    WRONG_COMPILED,
    WRONG_LOSSES,
    WRONG_PRODUCT,
    Proof,
    tolerance,
)
from apprenti.doctor.reinstall import installs, pip
from apprenti.findings import LEFT_OUT, PASSED, Finding, not_applicable
from apprenti.install.gpus import usable_cards
from apprenti.install.installed import CUDA_LIBRARIES, DISTRIBUTIONS, version_of
from apprenti.machine.machine import Machine

LEFT_ALONE = "T08"
"""The card is there, and the framework sees only the processor."""

CODES = (
    NOT_STARTED,
    CRASHED,
    HANGS,
    WRONG_LOSSES,
    WRONG_PRODUCT,
    NOT_COMPILED,
    WRONG_COMPILED,
    LEFT_ALONE,
)
"""What a trial itself may show; it may meet a failure of failures.toml besides."""

HARMLESS = (NOT_COMPILED, WRONG_COMPILED)
"""What concerns only the paths that were tried on request."""

ANEW = (NOT_STARTED, CRASHED, WRONG_LOSSES)
"""What is mended by taking the framework away and installing it again."""


def answers(machine: Machine, proofs: Mapping[str, Proof]) -> Iterator[Finding]:
    """Yield, for each installed framework, what its trial did not find, or that there was none."""
    for framework in DISTRIBUTIONS:
        if not version_of(machine, framework):
            continue
        proof = proofs.get(framework)
        told = {one.code for one in find(machine, proof)} if proof else set()
        for code in CODES:
            if code == LEFT_ALONE and not machine.nvidia:
                yield replace(not_applicable(code, "no_card"), subject=framework)
            elif code not in told:
                outcome = PASSED if proof and _was_asked(code, proof) else LEFT_OUT
                yield Finding(code, subject=framework, outcome=outcome)


def _was_asked(code: str, proof: Proof) -> bool:
    """Did the trial come to this question? Compiling is tried on request."""
    if code in (WRONG_LOSSES, WRONG_COMPILED, NOT_COMPILED):
        return (proof.trained if code == WRONG_LOSSES else proof.compiled) is not None
    return proof.end == "done" or code in (NOT_STARTED, CRASHED, HANGS)


def find(machine: Machine, proof: Proof) -> list[Finding]:
    """Return what the trial of one framework showed."""
    if proof.troubles:
        return [_told_by(machine, proof, failure) for failure in proof.troubles]
    if _leaves_the_card(machine, proof):
        values = {"framework": proof.framework, "card": machine.nvidia[0].name}
        return [Finding(LEFT_ALONE, "warning", proof.framework, values, "left_alone")]
    return []


def _told_by(machine: Machine, proof: Proof, failure: str) -> Finding:
    values: dict[str, object] = {
        "framework": proof.framework,
        "step": proof.step,
        "device": proof.device,
        "status": proof.status,
        "last": last_line(proof.errors),
    }
    seen, more = _seen(proof, failure)
    return Finding(
        failure,
        _severity(proof, failure),
        proof.framework,
        {**values, **more},
        seen,
        _commands(machine, proof, failure),
        cures.undo_for(failure, machine),
    )


def _seen(proof: Proof, failure: str) -> tuple[str, dict[str, object]]:
    """Return the sentence that says what was seen, and the values that it has besides."""
    if failure == WRONG_LOSSES:
        return "losses", {"gap": proof.trained, "tolerance": tolerance()}
    if failure == WRONG_COMPILED:
        return "losses", {"gap": proof.compiled, "tolerance": tolerance()}
    if failure == WRONG_PRODUCT:
        wrong = next(name for name, right in proof.devices.items() if not right)
        return "product", {"device": wrong}
    return ("complained" if proof.end == "done" else proof.end), {}


def _severity(proof: Proof, failure: str) -> str:
    """A framework that trains in spite of it, or stopped while compiling, can be used."""
    if failure in HARMLESS:
        return "warning"
    if proof.end != "done":
        return "warning" if proof.step == "compile" else "error"
    return "error" if failure in (WRONG_LOSSES, WRONG_PRODUCT) else "warning"


def _commands(machine: Machine, proof: Proof, failure: str) -> tuple[str, ...]:
    again = _anew(machine, proof.framework) if failure in ANEW else ()
    return again or cures.commands_for(failure, machine)


def _anew(machine: Machine, framework: str) -> tuple[str, ...]:
    """Return what takes a framework away and installs it again as it should be here."""
    names = [name for name in DISTRIBUTIONS[framework] if name in machine.packages]
    rest = {name: each for name, each in machine.packages.items() if name not in names}
    install = installs(replace(machine, packages=rest), framework)
    return (*pip("uninstall", "--yes", *names), *install) if names else install


def _leaves_the_card(machine: Machine, proof: Proof) -> bool:
    """Is there a card, a build for it, nothing against it, and yet only the processor used?"""
    cards, _ = usable_cards(machine)
    if not cards or set(proof.devices) != {"cpu"} or not _is_for_cards(machine, proof.framework):
        return False
    return all(trouble.subject != proof.framework for trouble in troubles.find(machine))


def _is_for_cards(machine: Machine, framework: str) -> bool:
    """Is this framework meant to have the card? With PyTorch for CUDA, TensorFlow is not."""
    torch = machine.packages.get("torch")
    if torch is not None and (torch.build or "").startswith("cu"):
        return framework == "pytorch"
    return framework == "tensorflow" and CUDA_LIBRARIES[0] in machine.packages


def last_line(errors: str) -> str:
    """Return the last line that says something: that of the error, not what a hint adds to it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if ERROR_LINE.match(line)]
    return (telling or lines or [""])[-1][:300]


ERROR_LINE = re.compile(r"(?:[\w.]+(?:Error|Exception|Interrupt)|Fatal Python error)\b")
