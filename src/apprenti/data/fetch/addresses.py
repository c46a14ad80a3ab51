"""Sources that are addresses: fetched once, on demand, and found again by their checksum.

Nothing here touches the network but `fetch`, which only an explicit --download calls.
"""

import contextlib
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from apprenti.data.fetch import known, origin
from apprenti.data.fetch.origin import Origin
from apprenti.errors import ApprentiError

ADDRESS = re.compile(r"(?:https?://|openml:)", re.IGNORECASE)


def is_address(source: str) -> bool:
    return bool(ADDRESS.match(source))


def local(address: str, project: Path) -> Path:
    """Return the file that was fetched from an address, as it was then; touches no network.

    Raises ApprentiError if it never was, is gone, or has changed since.
    """
    entry = origin.find(address, project)
    if entry is None:
        raise ApprentiError("not_downloaded", address=address)
    path = project / entry.name
    if not path.exists():
        raise ApprentiError("download_gone", path=path, address=address)
    if origin.content(path) != (entry.content or entry.sha256):
        raise ApprentiError("download_changed", path=path, address=address, name=entry.name)
    return path


def fetch(address: str, project: Path, tell: Callable[[float], None]) -> Origin:
    """Download what an address names into the project, once; `tell` hears the share done.

    What was fetched before and is there unchanged is left alone. Nothing is left half-made.
    """
    # Not above: where nothing is fetched, nothing of the web is needed
    from apprenti.data.fetch import openml, web

    before = origin.find(address, project)
    if before is not None and (project / before.name).exists():
        local(address, project)
        return before
    by = openml.fetch if address.lower().startswith("openml:") else web.fetch
    found = by(address, project, tell)._replace(address=origin.without_secrets(address))
    if before is not None and found.sha256 != before.sha256:
        _remove(project / found.name)
        raise ApprentiError("download_differs", address=address, name=before.name)
    kept = [other for other in origin.read(project) if other.name != found.name]
    try:
        origin.write(project, [*kept, found])
    except OSError as error:
        # A file of which nobody knows where it came from would be in the way the next time
        _remove(project / found.name)
        raise ApprentiError("cannot_write", path=project, reason=error.strerror) from None
    return found


def download(source: str, project: Path, tell: Callable[[float], None]) -> None:
    """Fetch what --download asks for: a known set that is nowhere here, or an address."""
    missing = [place for place in (project, *project.parents) if not os.path.exists(place)]
    try:
        if is_address(source):
            fetch(source, project, tell)
        elif source in known.KNOWN and known.on_disk(source, project) is None:
            known.download(source, tell)
    except BaseException:
        for folder in missing:
            with contextlib.suppress(OSError):
                folder.rmdir()
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
