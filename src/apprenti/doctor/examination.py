"""What the doctor found, in one piece: the machine, the troubles, the trials, one line a topic."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from apprenti.doctor import tried, troubles
from apprenti.doctor.prove import Proof
from apprenti.findings import SEVERITIES, Finding, by_gravity
from apprenti.install.installed import DISTRIBUTIONS, version_of
from apprenti.machine.machine import Machine

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


GRADES = {"error": "fail", "warning": "warn", "note": "note"}
"""What the list, the report and JSON call the severities of findings."""


@dataclass(frozen=True)
class Examination:
    """The outcome. `troubles` are sorted, the gravest first."""

    machine: Machine
    troubles: tuple[Finding, ...] = ()
    proofs: dict[str, Proof] = field(default_factory=dict)

    def answers(self) -> list[Finding]:
        """Return an answer to every question: the troubles, then what passed or was not asked."""
        told = {trouble.code for trouble in self.troubles}
        rest = [one for one in troubles.answers(self.machine) if one.code not in told]
        return [*self.troubles, *rest, *tried.answers(self.machine, self.proofs)]

    def count(self, severity: str) -> int:
        return sum(trouble.severity == severity for trouble in self.troubles)

    @property
    def failed(self) -> bool:
        return self.count("error") > 0

    def state(self, topic: str) -> str:
        """Return "ok", "note", "warn", "fail", "absent" or "unknown"."""
        found = [trouble.severity for trouble in self.troubles if trouble.subject == topic]
        if found:
            return GRADES[min(found, key=SEVERITIES.index)]
        if topic in DISTRIBUTIONS and not version_of(self.machine, topic):
            return "absent"
        return "unknown" if PROBES.get(topic) in self.machine.unknown else "ok"


def examine(machine: Machine, proofs: Sequence[Proof] = ()) -> Examination:
    """Put together what the rules find in the description and what the trials showed."""
    found = troubles.find(machine)
    for proof in proofs:
        for trouble in tried.find(machine, proof):
            found = _with(found, trouble)
    return Examination(
        machine, tuple(by_gravity(found)), {proof.framework: proof for proof in proofs}
    )


def _with(found: list[Finding], new: Finding) -> list[Finding]:
    """Add what a trial found; where a rule has foretold it, the graver of the two counts."""
    for position, old in enumerate(found):
        # A trial's own findings are those of its framework; what a text tells is told once
        if old.code == new.code and (old.subject == new.subject or not new.code.startswith("T")):
            graver = min(old.severity, new.severity, key=SEVERITIES.index)
            same = replace(old, severity=graver, outcome="")
            return [*found[:position], same, *found[position + 1 :]]
    return [*found, new]
