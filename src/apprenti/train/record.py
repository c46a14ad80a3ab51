"""environment.json: where and with what a run was made, how it stands, and what it left."""

import hashlib
import os
import platform
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from apprenti import __version__, ledger, optional, runs
from apprenti.data.checksum import digest
from apprenti.data.source import Source
from apprenti.data.split import written as split_file
from apprenti.model.catalogue import requirements
from apprenti.runs import Run
from apprenti.train import trust
from apprenti.train.corrected_labels import FILE as CORRECTIONS
from apprenti.writing import write_json


class Record(NamedTuple):
    """What is known of a run from its start, to which its end is added."""

    run: Run
    facts: Mapping[str, Any]

    def running(self, process: int) -> None:
        """Write that a process has the run in hand, and when that process began."""
        began = {"process": process, "process_began": runs.began(process)}
        self._write({"status": runs.RUNNING, **began})

    def ended(self, status: str, when: float | None = None, **measured: Any) -> None:
        """Write how the run ended and what it left, with what was `measured` of its process.

        `when` it ended is in seconds since 1970; None is now.
        """
        self._write({"status": status, "ended": _time(when), **measured, **_results(self.run)})

    def _write(self, changes: Mapping[str, Any]) -> None:
        write_json(self.run.folder / "environment.json", {**self.facts, **changes})


def begin(run: Run, source: Source, threads: int | None) -> Record:
    """Look at what a run depends on: versions, machine, script, split and data."""
    script = run.script.read_text(encoding="utf-8")
    split = run.folder / split_file.FILE
    beside = [path for path in (split, run.folder / CORRECTIONS) if path.is_file()]
    hashes = {runs.SCRIPT: digest(run.script), **{path.name: digest(path) for path in beside}}
    known = run.environment
    facts = {
        **({"number": run.number} if run.number else {}),
        "started": known.get("started") or _time(),
        "threads": threads,
        "versions": versions(script),
        "machine": machine(),
        "seal": trust.seal(run),
        "hashes": {**hashes, "data": source.hashes},
        "ledger": ledger.read(run.folder.parent.parent).stamp,
    }
    record = Record(run, facts)
    record.running(os.getpid())
    return record


OF_A_PROCESS = ("status", "process", "process_began")


def again(run: Run) -> Record:
    """Return the record of a run whose process is gone, as far as it was written."""
    known = run.environment
    return Record(run, {name: known[name] for name in known if name not in OF_A_PROCESS})


def _results(run: Run) -> dict[str, Any]:
    found = [
        path for path in (run.folder / "predictions.csv", run.weights) if path and path.is_file()
    ]
    hashes = {path.relative_to(run.folder).as_posix(): digest(path) for path in found}
    return {"results": hashes, "split": _split_digest(run)}


def tampered(run: Run) -> list[Path]:
    """Return the results that are no longer what the run wrote."""
    written = run.environment.get("results", {})
    # Nothing outside the folder is looked at, whatever the record says
    inside = [name for name in written if not Path(name).anchor and ".." not in Path(name).parts]
    paths = {run.folder / name: written[name] for name in inside}
    return [path for path, known in paths.items() if not path.is_file() or digest(path) != known]


def _split_digest(run: Run) -> str | None:
    """Return the hash of the validation rows, which with the seed settles the split."""
    path = run.folder / "predictions.csv"
    if not path.is_file():
        return None
    rows = hashlib.sha256()
    with open(path, encoding="utf-8", errors="replace") as file:
        next(file, None)
        for line in file:
            rows.update(line.partition(",")[0].encode() + b"\n")
    return rows.hexdigest()


def _time(seconds: float | None = None) -> str:
    time = datetime.now() if seconds is None else datetime.fromtimestamp(seconds)
    return time.astimezone().isoformat(timespec="seconds")


def versions(script: str) -> dict[str, str]:
    """Return the versions that decide what a script computes."""
    names = dict.fromkeys([*requirements(script), "numpy", "scikit-learn", "threadpoolctl"])
    found = {name: _version(name) for name in names}
    return {"apprenti": __version__, "python": platform.python_version(), **found}


def _version(name: str) -> str:
    # The build of TensorFlow for processors only is a distribution of another name
    if name == "tensorflow":
        return optional.version("tensorflow") or ""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def machine() -> dict[str, Any]:
    """Return what a run's numbers may depend on, and nothing that names a person or a place."""
    import psutil

    return {
        "system": platform.system(),
        "architecture": platform.machine(),
        "bits": 64 if sys.maxsize > 2**32 else 32,
        "cores": psutil.cpu_count() or 1,
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
    }
