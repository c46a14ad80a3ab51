"""Where downloaded data came from: `sources.toml`, beside apprenti.toml, with their checksums."""

import hashlib
import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data import formats
from apprenti.data.checksum import digest
from apprenti.errors import ApprentiError
from apprenti.language import say
from apprenti.outside import read_text, read_toml
from apprenti.writing import write_text

FILE = "sources.toml"

SECRET = re.compile(
    r"([?&](?:[\w.%-]*(?:token|secret|signature|credential|passw|api_?key|auth)[\w.%-]*|key|sig|pwd)=)"
    r"[^&#]+",
    re.IGNORECASE,
)
"""Parts of addresses by which a server knows who asks."""


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


def without_secrets(address: str) -> str:
    """Return an address as it may be written down: what lets somebody in is blotted out."""
    return SECRET.sub(r"\1***", address)


def find(address: str, project: Path) -> Origin | None:
    """Return what sources.toml says of an address, or None if it was never fetched."""
    known = without_secrets(address)
    return next((origin for origin in read(project) if origin.address == known), None)


def read(project: Path) -> list[Origin]:
    """Return the entries of sources.toml; raises ApprentiError if it is not as it was written."""
    path = project / FILE
    try:
        source = read_text(path)
    except FileNotFoundError:
        return []
    return [_origin(path, *entry) for entry in read_toml(source, path).items()]


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
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
        raise ApprentiError("sources_wrong", path=path, name=name) from None


def write(project: Path, origins: list[Origin]) -> None:
    """Write sources.toml in one go."""
    import tomlkit

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


def content(path: Path) -> str:
    """Return the sha256 of a file, or that of the names and contents of the images of a folder."""
    if path.is_file():
        return digest(path)
    listing = hashlib.sha256()
    inside = (entry for entry in path.rglob("[!.]*") if formats.is_image(entry.name))
    for inner in sorted(inside):
        listing.update(f"{inner.relative_to(path).as_posix()}\t{content(inner)}\n".encode())
    return listing.hexdigest()
