"""environment.json: where and with what a run was made, how it stands, and what it left."""

import hashlib
import platform
import sys
from collections.abc import Mapping
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from apprenti import __version__, optional, runs
from apprenti.data import shared_out
from apprenti.data.checksum import digest
from apprenti.data.sources import Source
from apprenti.model.catalogue import requirements
from apprenti.runs import Run
from apprenti.script.run_local import Outcome


def write(run: Run, source: Source, threads: int | None, changes: Mapping[str, Any]) -> None:
    """Write what is known of a run, with `changes` (its status at least) on top."""
    content = {
        "started": run.environment.get("started") or now(),
        "threads": threads,
        "versions": versions(run.script.read_text(encoding="utf-8")),
        "machine": machine(),
        "hashes": {"train.py": digest(run.script), **_split_file(run), "data": source.hashes},
        **changes,
    }
    runs.write_json(run.folder / "environment.json", content)


def results(run: Run, outcome: Outcome) -> dict[str, Any]:
    """Return what is known of a run once it has ended."""
    found = [
        path for path in (run.folder / "predictions.csv", run.weights) if path and path.is_file()
    ]
    return {
        "ended": now(),
        "process_seconds": round(outcome.seconds, 2),
        "peak_memory_mb": round(outcome.peak_memory / 1e6),
        "results": {path.relative_to(run.folder).as_posix(): digest(path) for path in found},
        "split": _split_digest(run),
    }


def tampered(run: Run) -> list[Path]:
    """Return the results that are no longer what the run wrote."""
    written = run.environment.get("results", {})
    paths = {run.folder / name: known for name, known in written.items()}
    return [path for path, known in paths.items() if not path.is_file() or digest(path) != known]


def _split_digest(run: Run) -> str | None:
    """Return the hash of the validation rows, which with the seed settles the split."""
    path = run.folder / "predictions.csv"
    if not path.is_file():
        return None
    rows = hashlib.sha256()
    with open(path, encoding="utf-8") as file:
        next(file, None)
        for line in file:
            rows.update(line.partition(",")[0].encode() + b"\n")
    return rows.hexdigest()


def _split_file(run: Run) -> dict[str, str]:
    path = run.folder / shared_out.FILE
    return {path.name: digest(path)} if path.is_file() else {}


def now() -> str:
    """Return the time with its offset, to the second."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


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
