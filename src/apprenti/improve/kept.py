"""The trainings that have ended: kept in the project as they end, so that nothing is done twice.

One line of JSON each, known by what decides its numbers: the script that trains so by itself, the
data, the versions and the seeds. A line that was cut when something was killed counts for nothing.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from apprenti.errors import ApprentiError
from apprenti.improve.study import Result
from apprenti.outside import reason
from apprenti.train import record
from apprenti.writing import told

FOLDER, FILE, LOCK = "improve", "trials.jsonl", ".lock"


def key_of(script: str, hashes: Mapping[str, str], seeds: Mapping[str, object]) -> str:
    """Return what a training is known by: equal keys give equal numbers."""
    told = json.dumps([script, dict(hashes), record.versions(script), dict(seeds)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


class Kept:
    """The file, held for oneself until it is closed."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FOLDER / FILE
        self._known: dict[str, Result] = dict(self._read())

    def _read(self) -> Iterator[tuple[str, Result]]:
        if not self.path.exists():
            return
        with told(self.path), open(self.path, encoding="utf-8", errors="replace") as lines:
            for line in lines:
                with contextlib.suppress(ValueError, TypeError, KeyError):
                    said = json.loads(line)
                    yield said["key"], Result(said["status"], tuple(said["history"]))

    def get(self, key: str) -> Result | None:
        return self._known.get(key)

    def add(self, key: str, about: Mapping[str, object], result: Result) -> None:
        """Keep a training that says something; one that failed may not fail another time."""
        if not result.is_sound or key in self._known:
            return
        self._known[key] = result
        said = {"key": key, **about, "status": result.status, "history": list(result.history)}
        with told(self.path), open(self.path, "ab") as file:
            # What was killed may have left half a line: it ends here
            begins = b"\n" if file.tell() and not self._is_whole() else b""
            file.write(begins + json.dumps(said, ensure_ascii=False).encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def _is_whole(self) -> bool:
        with open(self.path, "rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"


@contextlib.contextmanager
def keeping(folder: Path) -> Iterator[Kept]:
    """Yield what is kept in a project; nobody else tries remedies there meanwhile."""
    import filelock

    home = folder / FOLDER
    try:
        home.mkdir(exist_ok=True)
        held = filelock.FileLock(home / LOCK, blocking=False)
        held.acquire()
    except filelock.Timeout:
        raise ApprentiError("improve_under_way", folder=home) from None
    except OSError as error:
        raise ApprentiError("cannot_write", path=home, reason=reason(error)) from None
    try:
        yield Kept(folder)
    finally:
        held.release()
