"""An examination as JSON has it; the schema is docs/schemas/doctor.json."""

from typing import Any

from apprenti.doctor.examination import GRADES, Examination
from apprenti.doctor.lines import lines
from apprenti.doctor.prove import Proof
from apprenti.doctor.words import tell
from apprenti.findings import SEVERITIES
from apprenti.install.facts import AS_OF


def as_json(found: Examination) -> dict[str, Any]:
    """Return all of an examination: the list, the troubles, the trials, the machine."""
    return {
        "as_of": AS_OF,
        "ok": not found.failed,
        "count": {severity: found.count(severity) for severity in SEVERITIES},
        "topics": [
            {"topic": topic, "state": _state(found.state(topic)), "line": line}
            for topic, line in lines(found).items()
        ],
        "troubles": [
            {
                "severity": trouble.severity,
                "topic": trouble.subject,
                **tell(trouble, found.machine).as_json(),
            }
            for trouble in found.troubles
        ],
        "trials": [_trial(proof) for proof in found.proofs.values()],
        "machine": found.machine.to_json(),
    }


def _state(grade: str) -> str:
    """Return a state under the name that findings have for it."""
    return {grade: severity for severity, grade in GRADES.items()}.get(grade, grade)


def _trial(proof: Proof) -> dict[str, Any]:
    names = ("framework", "end", "version", "step", "device", "status", "seconds", "devices")
    told = {name: getattr(proof, name) for name in names}
    gaps = {"training_gap": proof.trained, "compiled_gap": proof.compiled}
    return {**told, **gaps, "troubles": list(proof.troubles)}
