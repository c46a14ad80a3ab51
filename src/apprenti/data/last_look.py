"""The last look at the data of a project: what it found, and whether it is still of these data.

`apprenti data` writes data.json with what it saw; where it was not asked, what is grave is looked
for before anything is learned, and kept in a file of its own. A file is known again by its size and
the time of its last change, or else by its sha256; a folder by the names, sizes and times of its
images. Data that were looked at under other settings are other data: a column ignored since is no
longer there.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data import formats
from apprenti.data.checksum import digest
from apprenti.data.findings import words
from apprenti.data.source import Source
from apprenti.errors import ApprentiError
from apprenti.findings import Finding
from apprenti.outside import read_text, reading
from apprenti.printable import printable
from apprenti.project import DataSettings, Project
from apprenti.writing import save

FILE, GLANCE = "data.json", ".look.json"
"""What `apprenti data` saw, and what was looked for where it was not asked."""

MOST_BYTES = 500_000_000
LOOKED_AT = "looked_at"
"""The entry of data.json that says which data these were."""


class LastLook(NamedTuple):
    """What was found, errors first; `is_current` if it was found in the data that are there now."""

    findings: tuple[Finding, ...]
    is_current: bool


def looked_at(source: Source, data: DataSettings, folder: Path) -> dict[str, Any]:
    """Return what lets these data of the project in `folder` be known again."""
    return {"settings": _settings(data), "files": list(_known_by(source, folder))}


def write(facts: Mapping[str, Any], folder: Path, name: str = FILE) -> Path:
    """Write data.json into a project; raises ApprentiError where that is impossible."""
    path = folder / name
    written = json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)
    save(path, printable(written) + "\n")
    return path


def read(project: Project, names: Sequence[str] = (FILE, GLANCE)) -> LastLook | None:
    """Return a look at the data of a project, one at those that are there now where there is one.

    `names` are the files in which it may be kept. None if there was none that can be read.
    """
    looks = [look for name in names if (look := _read(project.folder / name, project))]
    return next((look for look in looks if look.is_current), looks[0] if looks else None)


def _read(path: Path, project: Project) -> LastLook | None:
    try:
        # It may be damaged in whatever way: then nobody has looked
        with reading(path, "unreadable_file"):
            facts = json.loads(read_text(path, MOST_BYTES))
            findings = tuple(map(_finding, facts["findings"]))
            return LastLook(findings, is_of(facts.get(LOOKED_AT), project))
    except (FileNotFoundError, ApprentiError):
        return None


def facts(project: Project) -> dict[str, Any] | None:
    """Return what data.json says of the data of a project; None unless it is of those there now."""
    path = project.folder / FILE
    try:
        with reading(path, "unreadable_file"):
            found = json.loads(read_text(path, MOST_BYTES))
            return dict(found) if is_of(found.get(LOOKED_AT), project) else None
    except (FileNotFoundError, ApprentiError):
        return None


def _finding(written: Mapping[str, Any]) -> Finding:
    """Return a finding as data.json has it, of which there are words to say."""
    found = Finding(
        written["code"],
        written["severity"],
        written["name"],
        written["values"],
        written.get("sentence", ""),
    )
    words.tell(found)
    return found


def is_of(known: Any, project: Project) -> bool:
    """Are the data that were looked at those that are there now?"""
    try:
        if known["settings"] != _settings(project.choices.data):
            return False
        return all(_is_same(project.folder / each["path"], each) for each in known["files"])
    except (KeyError, TypeError):  # written before this was noted, or by hand
        return False


def _settings(data: DataSettings) -> dict[str, Any]:
    """Return the settings that change what is found; that it is muted does not."""
    return data.model_dump(mode="json", exclude={"muted"})


def _known_by(source: Source, project: Path) -> Iterator[dict[str, Any]]:
    """Yield what each file of the data is known by, and each folder in which images lie."""
    folder = source.folder
    if folder is None:
        return
    for name, sha256 in source.hashes.items():
        path = folder / name
        if path.is_file():
            yield {"path": _place(path, project), "state": _state(path), "sha256": sha256}
        elif path.is_dir():
            yield _of_images(path, "**/*", project)
    if source.table and source.table.columns.image:
        names = source.table.frame[source.table.columns.image]
        for inside in sorted({(folder / str(name)).parent for name in names}):
            yield _of_images(inside, "*", project)


def _of_images(folder: Path, pattern: str, project: Path) -> dict[str, Any]:
    state = _state_of_images(folder, pattern)
    return {"path": _place(folder, project), "images": pattern, "state": state}


def _place(path: Path, project: Path) -> str:
    """Return a path as seen from the project, so that both can move together."""
    try:
        return Path(os.path.relpath(path.resolve(), project.resolve())).as_posix()
    except ValueError:  # on another drive of Windows
        return path.resolve().as_posix()


def _is_same(path: Path, known: Mapping[str, Any]) -> bool:
    if "images" in known:
        return _state_of_images(path, known["images"]) == str(known["state"])
    try:
        return _state(path) == str(known["state"]) or digest(path) == str(known["sha256"])
    except (OSError, ApprentiError):
        return False


def _state(path: Path) -> str:
    """Return the size of a file, and when it was changed."""
    # A link that leads nowhere is known by itself
    found = path.stat() if path.exists() else path.lstat()
    return f"{found.st_size} bytes, {found.st_mtime_ns}"


def _state_of_images(folder: Path, pattern: str) -> str:
    """Return a hash of the names, sizes and times of the images of a folder."""
    lines = [
        f"{entry.relative_to(folder).as_posix()}\t{_state(entry)}\n"
        for entry in sorted(folder.glob(pattern))
        if formats.is_image(entry.name) or formats.is_unread_image(entry.name)
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
