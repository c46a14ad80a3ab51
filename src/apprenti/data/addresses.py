"""Sources that are addresses: fetched once, on demand, and found again by their checksum.

`sources.toml`, beside apprenti.toml, says where each file came from and what it was. Nothing here
touches the network but `fetch`, which only an explicit --download calls.
"""

import contextlib
import re
import shutil
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data import images
from apprenti.data import known as sets
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.language import say

FILE = "sources.toml"

ADDRESS = re.compile(r"(?:https?://|openml:)", re.IGNORECASE)


class Origin(NamedTuple):
    """One entry of sources.toml."""

    name: str
    """The file in the project's folder, or the folder that an archive was unpacked into."""
    address: str
    sha256: str
    """Of the file; of a folder, of the archive that it came from."""
    bytes: int
    content: str = ""
    """sha256 of the names and contents of a folder; empty for a file."""
    target: str = ""
    """The column that the data are usually asked to predict, where the address tells."""
    categorical: tuple[str, ...] = ()
    """Columns whose numbers are names, where the address tells."""


def is_address(source: str) -> bool:
    return bool(ADDRESS.match(source))


def local(address: str, project: Path) -> Path:
    """Return the file that was fetched from an address, as it was then; touches no network.

    Raises ApprentiError if it never was, is gone, or has changed since.
    """
    origin = known(address, project)
    if origin is None:
        raise ApprentiError("not_downloaded", address=address)
    path = project / origin.name
    if not path.exists():
        raise ApprentiError("download_gone", path=path, address=address)
    if _changed(path, origin):
        raise ApprentiError("download_changed", path=path, address=address, name=origin.name)
    return path


def known(address: str, project: Path) -> Origin | None:
    """Return what sources.toml says of an address, or None if it was never fetched."""
    return next((origin for origin in read(project) if origin.address == address), None)


def fetch(address: str, project: Path, tell: Callable[[float], None]) -> Origin:
    """Download what an address names into the project, once; `tell` hears the share done.

    What was fetched before and is there unchanged is left alone. Nothing is left half-made.
    """
    from apprenti.data import openml, web

    origin = known(address, project)
    if origin is not None and (project / origin.name).exists():
        local(address, project)
        return origin
    by = openml.fetch if address.lower().startswith("openml:") else web.fetch
    found = by(address, project, tell)
    if origin is not None and found.sha256 != origin.sha256:
        _remove(project / found.name)
        raise ApprentiError("download_differs", address=address, name=origin.name)
    kept = [other for other in read(project) if other.name != found.name]
    try:
        write(project, [*kept, found])
    except OSError as error:
        # A file of which nobody knows where it came from would be in the way the next time
        _remove(project / found.name)
        raise ApprentiError("cannot_write", path=project, reason=error.strerror) from None
    return found


def download(source: str, project: Path, tell: Callable[[float], None]) -> None:
    """Fetch what --download asks for: a known set that is nowhere here, or an address."""
    missing = [place for place in (project, *project.parents) if not place.exists()]
    try:
        if is_address(source):
            fetch(source, project, tell)
        elif source in sets.KNOWN and sets.on_disk(source, project) is None:
            sets.download(source, tell)
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


def read(project: Path) -> list[Origin]:
    """Return the entries of sources.toml; raises ApprentiError if it is not as it was written."""
    path = project / FILE
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise ApprentiError("not_toml", path=path, reason=error) from None
    return [_origin(path, name, entry) for name, entry in content.items()]


def _origin(path: Path, name: str, entry: Any) -> Origin:
    # The name must lead nowhere else: somebody may have changed it
    plain = Path(name).name == name and name not in (".", "..")
    try:
        if not plain:
            raise ValueError(name)
        return Origin(
            name,
            str(entry["address"]),
            str(entry["sha256"]),
            int(entry["bytes"]),
            str(entry.get("content", "")),
            str(entry.get("target", "")),
            tuple(map(str, entry.get("categorical", ()))),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise ApprentiError("sources_wrong", path=path, name=name) from None


def write(project: Path, origins: list[Origin]) -> None:
    """Write sources.toml in one go."""
    import tomlkit

    from apprenti.runs import write_text

    before = {origin.name: origin for origin in read(project)}
    dates = {} if not before else tomllib.loads((project / FILE).read_text(encoding="utf-8"))
    document = tomlkit.document()
    for line in say("settings.sources").splitlines():
        document.add(tomlkit.comment(line))
    for origin in origins:
        entry = {key: value for key, value in origin._asdict().items() if value and key != "name"}
        same = before.get(origin.name) == origin
        told = dates.get(origin.name, {}).get("downloaded")
        entry["downloaded"] = told if same and told else date.today()
        document.add(origin.name, tomlkit.item({k: _as_toml(v) for k, v in entry.items()}))
    write_text(project / FILE, tomlkit.dumps(document))


def _as_toml(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _changed(path: Path, origin: Origin) -> bool:
    return content(path) != (origin.content or origin.sha256)


def content(path: Path) -> str:
    """Return the sha256 of a file, or that of the names and contents of the images of a folder."""
    import hashlib

    if path.is_file():
        return digest(path)
    listing = hashlib.sha256()
    for inner in sorted(entry for entry in path.rglob("[!.]*") if images.is_image(entry.name)):
        listing.update(f"{inner.relative_to(path).as_posix()}\t{content(inner)}\n".encode())
    return listing.hexdigest()
