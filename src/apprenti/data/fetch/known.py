"""The data sets that Apprenti knows by name: where they are found, and how they are recognised."""

import contextlib
import gzip
import hashlib
import os
import shutil
import urllib.error
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from apprenti import writing
from apprenti.errors import ApprentiError
from apprenti.outside import check_ordinary, reading


class KnownFile(NamedTuple):
    """One file of a known set; the checksum is that of the unpacked content where one is known."""

    name: str
    size: int
    sha256: str
    unpacked: bool


class KnownSet(NamedTuple):
    address: str
    files: tuple[KnownFile, ...]

    @property
    def megabytes(self) -> float:
        return sum(file.size for file in self.files) / 1e6


KNOWN = {
    "mnist": KnownSet(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        (
            KnownFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                True,
            ),
            KnownFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                True,
            ),
            KnownFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                True,
            ),
            KnownFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                True,
            ),
        ),
    ),
    "fashion_mnist": KnownSet(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        (
            KnownFile(
                "train-images-idx3-ubyte.gz",
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                False,
            ),
            KnownFile(
                "train-labels-idx1-ubyte.gz",
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                False,
            ),
            KnownFile(
                "t10k-images-idx3-ubyte.gz",
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                False,
            ),
            KnownFile(
                "t10k-labels-idx1-ubyte.gz",
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                False,
            ),
        ),
    ),
}


def cache() -> Path:
    """Return the folder where downloaded sets are kept."""
    import platformdirs

    return platformdirs.user_cache_path("apprenti", appauthor=False)


def places(project: Path | None = None) -> list[Path]:
    """Return the folders in which a set may lie, the nearest first."""
    named = os.environ.get("APPRENTI_DATA")
    return [*([project] if project else []), *([Path(named)] if named else []), cache()]


def on_disk(name: str, project: Path | None = None) -> Path | None:
    """Return the folder of a known set if all its files are there."""
    for place in places(project):
        folder = place / name
        if all((folder / file.name).is_file() for file in KNOWN[name].files):
            return folder
    return None


def verify(name: str, folder: Path, seen: Mapping[str, str] = MappingProxyType({})) -> None:
    """Compare each file with its checksum; raises what is wrong with the first that differs.

    Files that were `seen` to be right, by their names, need not be unpacked again: the sha256 that
    they had as they are says that they are the same.
    """
    for file in KNOWN[name].files:
        path = folder / file.name
        if file.name in seen and _digest(path, False) == seen[file.name]:
            continue
        if _digest(path, file.unpacked) != file.sha256:
            raise ApprentiError("wrong_checksum", path=path, name=name, folder=folder)


def _digest(path: Path, unpacked: bool) -> str:
    check_ordinary(path)
    with (
        reading(path, "damaged_gzip"),
        gzip.open(path) if unpacked else open(path, "rb") as file,
    ):
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(name: str, tell: Callable[[float], None], seconds: float = 5) -> Path:
    """Fetch a known set into the cache, checked; `tell` hears the share done, from 0 to 1.

    A file counts only once its checksum is right: what is cut short leaves nothing behind.
    """
    # Not above: to know the names of the sets, nothing of the web is needed

    from apprenti.data.fetch import web

    known, target = KNOWN[name], cache() / name
    done, total = 0, sum(file.size for file in known.files)
    with _network(name), writing.aside(target) as arriving:
        arriving.mkdir(parents=True)
        for file in known.files:
            address = known.address + file.name
            with (
                contextlib.closing(web.ask(address, seconds)) as answer,
                open(arriving / file.name, "wb") as copy,
            ):
                for piece in web.pieces(address, answer):
                    copy.write(piece)
                    done += len(piece)
                    tell(min(1.0, done / total))
        verify(name, arriving)
        _put(name, arriving, target)
    return target


@contextlib.contextmanager
def _network(name: str) -> Iterator[None]:
    import http.client

    try:
        yield
    except (OSError, ValueError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", error)
        if isinstance(error, urllib.error.HTTPError):
            error.close()
        address = KNOWN[name].address
        raise ApprentiError("download_failed", name=name, address=address, reason=reason) from None


def _put(name: str, arriving: Path, target: Path) -> None:
    """Put the folder of a set in its place, unless somebody else did so meanwhile."""
    try:
        if target.is_dir():
            verify(name, target)
            return
    except ApprentiError:
        shutil.rmtree(target, ignore_errors=True)
    try:
        arriving.rename(target)
    except OSError:
        # Sound, or else told
        verify(name, target)


def bring(name: str, project: Path) -> None:
    """Copy a known set into a project, which is then complete: its scripts run there."""
    found, own = on_disk(name, project), project / name
    if found is None:
        raise ApprentiError("set_missing", name=name, megabytes=KNOWN[name].megabytes)
    verify(name, found)
    if found != own:
        with writing.aside(own) as arriving:
            arriving.mkdir()
            for file in KNOWN[name].files:
                shutil.copyfile(found / file.name, arriving / file.name)
            _put(name, arriving, own)
