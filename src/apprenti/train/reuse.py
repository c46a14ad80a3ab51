"""A run that is there already: the same script, on the same data, with the same versions."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from apprenti import runs
from apprenti.runs import SCRIPT, Run
from apprenti.train import record
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.train.plan import Plan


def find_same(planned: Plan, runs_folder: Path) -> Run | None:
    """Return the latest finished run that a plan would only make again, with what it left whole."""
    text = planned.script.text.encode()
    corrected = planned.files.get(CORRECTIONS)
    known = {
        SCRIPT: hashlib.sha256(text).hexdigest(),
        CORRECTIONS: None if corrected is None else hashlib.sha256(corrected.encode()).hexdigest(),
        "data": planned.source.hashes,
        "versions": record.versions(planned.script.text),
    }
    for run in reversed(runs.sound(runs_folder)):
        if _size(run.script) == len(text) and _is_same(run, known):
            return run
    return None


def find_twin(made: Run) -> Run | None:
    """Return the latest other run with the same script, data and versions as a finished one."""
    hashes = made.environment.get("hashes", {})
    versions = made.environment.get("versions")
    known = {name: hashes.get(name) for name in (SCRIPT, CORRECTIONS, "data")}
    known["versions"] = versions
    if not made.complete or not known[SCRIPT]:
        return None
    for run in reversed(runs.sound(made.folder.parent)):
        if run != made and _size(run.script) == _size(made.script) and _is_same(run, known):
            return run
    return None


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else -1


def _is_same(run: Run, known: Mapping[str, object]) -> bool:
    environment = run.environment
    hashes = environment.get("hashes", {})
    found = {name: hashes.get(name) for name in (SCRIPT, CORRECTIONS, "data")}
    found["versions"] = environment.get("versions")
    return found == known and run.complete and not record.tampered(run)
