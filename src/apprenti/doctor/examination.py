"""What the doctor found, in one piece: the machine, the troubles, the trials, one line a topic."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from apprenti.doctor import cures, facts, troubles
from apprenti.doctor.gpus import usable_cards
from apprenti.doctor.installed import CUDA_LIBRARIES
from apprenti.doctor.machine import Machine
from apprenti.doctor.prove import Proof, tolerance
from apprenti.doctor.troubles.trouble import SEVERITIES, Trouble

TOPICS = (
    "system",
    "python",
    "processor",
    "memory",
    "disk",
    "gpu",
    "pytorch",
    "tensorflow",
    "packages",
    "folder",
    "notebook",
    "variables",
)
"""The lines of the list, in order. One of which there is nothing to say is left out."""

PROBES = {
    "system": "system",
    "python": "interpreter",
    "processor": "processor",
    "memory": "memory",
    "disk": "disk",
    "gpu": "graphics",
    "packages": "packages",
    "folder": "shadows",
    "notebook": "kernels",
    "variables": "variables",
}
"""The probe of `look` to which each topic owes what it says."""

FRAMEWORKS = {"pytorch": ("torch",), "tensorflow": facts.TENSORFLOWS}


@dataclass(frozen=True)
class Examination:
    """The outcome. `troubles` are sorted, the gravest first."""

    machine: Machine
    troubles: tuple[Trouble, ...] = ()
    proofs: dict[str, Proof] = field(default_factory=dict)

    def count(self, severity: str) -> int:
        return sum(trouble.severity == severity for trouble in self.troubles)

    @property
    def failed(self) -> bool:
        return self.count("fail") > 0

    def state(self, topic: str) -> str:
        """Return "ok", "note", "warn", "fail", "absent" or "unknown"."""
        found = [trouble.severity for trouble in self.troubles if trouble.topic == topic]
        if found:
            return min(found, key=SEVERITIES.index)
        if topic in FRAMEWORKS and not version_of(self.machine, topic):
            return "absent"
        return "unknown" if PROBES.get(topic) in self.machine.unknown else "ok"


def version_of(machine: Machine, framework: str) -> str:
    """Return the installed version of a framework, "" if there is none."""
    names = [name for name in FRAMEWORKS[framework] if name in machine.packages]
    return machine.packages[names[0]].version if names else ""


def examine(machine: Machine, proofs: Sequence[Proof] = ()) -> Examination:
    """Put together what the rules find in the description and what the trials found."""
    found = troubles.find(machine)
    for proof in proofs:
        for failure in proof.troubles:
            found = _with(found, _of_trial(machine, proof, failure))
        if not proof.troubles and _leaves_the_card(machine, proof):
            values = {"framework": proof.framework, "card": machine.nvidia[0].name}
            found.append(Trouble("T08", "warn", proof.framework, "left_alone", values))
    found.sort(key=lambda trouble: SEVERITIES.index(trouble.severity))
    return Examination(machine, tuple(found), {proof.framework: proof for proof in proofs})


def _leaves_the_card(machine: Machine, proof: Proof) -> bool:
    """Is there a card, a build for it, nothing against it, and yet only the processor used?"""
    torch = machine.packages.get("torch")
    for_cards = (torch is not None and (torch.build or "").startswith("cu")) or (
        proof.framework == "tensorflow" and CUDA_LIBRARIES[0] in machine.packages
    )
    if proof.framework == "tensorflow" and torch and (torch.build or "").startswith("cu"):
        return False
    cards, _ = usable_cards(machine)
    known = any(trouble.topic == proof.framework for trouble in troubles.find(machine))
    return bool(cards) and for_cards and not known and set(proof.devices) == {"cpu"}


def _with(found: list[Trouble], new: Trouble) -> list[Trouble]:
    """Add what a trial found; where a rule has foretold it, the graver of the two counts."""
    for position, old in enumerate(found):
        # A trial's own findings are those of its framework; what a text tells is told once
        if old.id == new.id and (old.topic == new.topic or not new.id.startswith("T")):
            graver = min(old.severity, new.severity, key=SEVERITIES.index)
            return [*found[:position], replace(old, severity=graver), *found[position + 1 :]]
    return [*found, new]


HARMLESS = ("T06", "T07")
"""What concerns only the paths that were tried on request."""


def _of_trial(machine: Machine, proof: Proof, failure: str) -> Trouble:
    seen, severity = proof.end, "fail"
    values: dict[str, object] = {"framework": proof.framework, "step": proof.step}
    values.update(device=proof.device, status=proof.status, last=last_line(proof.errors))
    if failure in ("T04", "T07"):
        gap = proof.trained if failure == "T04" else proof.compiled
        seen = "losses"
        values.update(gap=gap, tolerance=tolerance())
    elif failure == "T05":
        seen = "product"
        values["device"] = next(name for name, right in proof.devices.items() if not right)
    elif proof.end == "done":
        seen, severity = "complained", "warn"
    if failure in HARMLESS or (proof.step == "compile" and proof.end != "done"):
        severity = "warn"
    cure = _anew(machine, proof.framework) if failure in ANEW else ()
    commands = cure or cures.commands_for(failure, machine)
    undo = cures.undo_for(failure, machine)
    return Trouble(failure, severity, proof.framework, seen, values, commands, undo)


ANEW = ("T01", "T02", "T04")


def _anew(machine: Machine, framework: str) -> tuple[str, ...]:
    """Return what takes a framework away and installs it again as it should be here."""
    names = [name for name in FRAMEWORKS[framework] if name in machine.packages]
    rest = {name: each for name, each in machine.packages.items() if name not in names}
    install = cures.installs(replace(machine, packages=rest), framework)
    return (*cures.pip("uninstall", "--yes", *names), *install) if names else install


def last_line(errors: str) -> str:
    """Return the last line that says something: that of the error, not what a hint adds to it."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if ERROR_LINE.match(line)]
    return (telling or lines or [""])[-1][:300]


ERROR_LINE = re.compile(r"(?:[\w.]+(?:Error|Exception|Interrupt)|Fatal Python error)\b")
