"""An examination as JSON has it; the schema is in docs/doctor.md."""

from typing import Any

from apprenti.doctor.examination import GRADES, Examination
from apprenti.doctor.lines import lines
from apprenti.doctor.prove import Proof
from apprenti.doctor.words import tell
from apprenti.findings import Told
from apprenti.install.facts import AS_OF


def as_json(found: Examination) -> dict[str, Any]:
    """Return all of an examination: the list, the troubles, the trials, the machine."""
    return {
        "as_of": AS_OF,
        "ok": not found.failed,
        "count": {grade: found.count(severity) for severity, grade in GRADES.items()},
        "topics": [
            {"id": topic, "state": found.state(topic), "line": line}
            for topic, line in lines(found).items()
        ],
        "troubles": [
            {
                "severity": GRADES[trouble.severity],
                "topic": trouble.subject,
                **told_as_json(tell(trouble, found.machine)),
            }
            for trouble in found.troubles
        ],
        "trials": [_trial(proof) for proof in found.proofs.values()],
        "machine": found.machine.to_json(),
    }


def told_as_json(told: Told) -> dict[str, Any]:
    """Return what is said of one failure or trouble."""
    return {
        "id": told.code,
        "title": told.name,
        "seen": told.what,
        "cause": told.why,
        "cure": told.todo,
        "commands": list(told.commands),
        "undo": list(told.undo),
    }


def _trial(proof: Proof) -> dict[str, Any]:
    names = ("framework", "end", "version", "step", "device", "status", "seconds", "devices")
    told = {name: getattr(proof, name) for name in names}
    gaps = {"training_gap": proof.trained, "compiled_gap": proof.compiled}
    return {**told, **gaps, "troubles": list(proof.troubles)}
