"""One file from the web, into a folder: whole and of a known kind, or not at all.

Addresses may be hostile: only http and https are spoken, never on the way from https back to http;
the name is cleaned, the size is limited, a page is not taken for data.
"""

import contextlib
import hashlib
import http.client
import queue
import re
import shutil
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from apprenti import __version__, writing
from apprenti.data import formats
from apprenti.data.fetch import archives
from apprenti.data.fetch.origin import Origin, content
from apprenti.errors import ApprentiError
from apprenti.writing import told

MOST_BYTES = 5 * 10**9
"""Larger files are refused, whether they are announced or go on and on."""

SECONDS = 10
"""So long a server may keep silent."""

ENDINGS = (*formats.TABLE_ENDINGS, *formats.PACKED_ENDINGS, formats.ARRAYS, formats.ARCHIVE)
SLOWEST, PATIENCE = 1000, 60
"""Bytes a second, on the whole, below which a server is given up after so many seconds."""


KINDS = {
    "text/csv": ".csv",
    "application/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.apache.parquet": ".parquet",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
"""Endings by what the server says it sends, for addresses that do not end with a name."""

PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|\?xml)", re.IGNORECASE)

RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)|runs$|(?:apprenti|sources)\.toml$|data\.(?:json|png)$",
    re.IGNORECASE,
)
"""Names that no file can have on Windows, and those of a project's own."""


NETWORK = (
    urllib.error.URLError,
    http.client.HTTPException,
    TimeoutError,
    ConnectionError,
    ssl.SSLError,
    ValueError,
)
"""What goes wrong on the way, or stands in the headers; most are errors of the system too, as a
full disk is."""


class Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https only, as the base class does, and never from https to http."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        secure = req.full_url.lower().startswith("https:")
        if secure and not newurl.lower().startswith("https:"):
            fp.close()
            raise ApprentiError("download_unsafe", address=req.full_url, other=newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)

    def http_error_302(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any
    ) -> Any:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except ValueError:
            # To what is no address at all
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def fetch(
    address: str, folder: Path, tell: Callable[[float], None], seconds: float = SECONDS
) -> Origin:
    """Download a table, a .npz or a .zip of images; `tell` hears the share done, from 0 to 1.

    Raises ApprentiError; whatever happens, the file is there whole or not at all.
    """
    with told(folder), _network(address):
        folder.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(ask(address, seconds)) as answer:
            name = _name(address, answer)
            place = folder / name.removesuffix(formats.ARCHIVE)
            if place.exists():
                raise ApprentiError("file_exists", path=place)
            try:
                return _bring(address, answer, place, name, tell)
            except FileExistsError:
                raise ApprentiError("file_exists", path=place) from None


def _bring(
    address: str, answer: Any, place: Path, name: str, tell: Callable[[float], None]
) -> Origin:
    """Write what a server sends, where nothing is; an archive becomes a folder."""
    if not name.endswith(formats.ARCHIVE):
        with writing.whole(place, is_new=True) as arriving:
            sha256, size = _receive(address, answer, arriving, tell)
        return Origin(name, address, sha256, size)
    with writing.aside(place) as archive:
        sha256, size = _receive(address, answer, archive, tell)
        archives.unpack(archive, place)
    try:
        return Origin(place.name, address, sha256, size, content(place))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


@contextlib.contextmanager
def _network(address: str) -> Iterator[None]:
    """Say in the user's words what goes wrong on the way, or in what a server answers."""
    try:
        yield
    except NETWORK as error:
        reason = getattr(error, "reason", error) or type(error).__name__
        if isinstance(error, urllib.error.HTTPError):
            reason = f"{error.code} {error.reason}"
            error.close()
        raise ApprentiError("address_failed", address=address, reason=reason) from None


def ask(address: str, seconds: float) -> Any:
    """Return the answer to a request, whose headers alone have been read."""
    try:
        parts = urlsplit(address)
        wrong = not parts.hostname or (parts.port or 1) < 1
    except ValueError:
        raise ApprentiError("address_wrong", address=address) from None
    if wrong or re.search(r"[\s\x00-\x1f]", address) or not address.isascii():
        raise ApprentiError("address_wrong", address=address)
    if parts.username or parts.password:
        hidden = address.replace(f"{parts.netloc.rpartition('@')[0]}@", "")
        raise ApprentiError("address_secret", address=hidden)
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.UnknownHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        Redirects(),
    ):
        opener.add_handler(handler)
    opener.addheaders = [("User-Agent", f"apprenti/{__version__}")]
    answer = _within(PATIENCE, address, lambda: opener.open(address, timeout=seconds))
    if answer.status != http.client.OK:
        answer.close()
        raise ApprentiError("address_failed", address=address, reason=f"HTTP {answer.status}")
    return answer


def _within(seconds: float, address: str, call: Callable[[], Any]) -> Any:
    """Return what a call returns; give it up where it takes longer than a server's silence."""
    done: queue.SimpleQueue[tuple[Any, BaseException | None]] = queue.SimpleQueue()

    def work() -> None:
        try:
            done.put((call(), None))
        except BaseException as error:
            done.put((None, error))

    threading.Thread(target=work, daemon=True).start()
    try:
        answer, error = done.get(timeout=seconds)
    except queue.Empty:
        raise ApprentiError("address_slow", address=address, seconds=seconds) from None
    if error:
        raise error
    return answer


def _name(address: str, answer: Any) -> str:
    """Return a name for the file that is one on every system and leads nowhere else."""
    kind = answer.headers.get_content_type()
    names = [unquote(urlsplit(where).path) for where in (address, answer.geturl())]
    last = [re.split(r"[/\\]", name)[-1] for name in names]
    known = [name for name in last if name.lower().endswith(ENDINGS)]
    if kind == "text/html":
        raise ApprentiError("address_is_page", address=address)
    if not known and kind not in KINDS:
        raise ApprentiError("address_unknown", address=address, kind=kind)
    name = known[0] if known else f"{Path(last[0]).stem or 'data'}{KINDS[kind]}"
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^\w\- .]", "_", stem).strip(" .")[:80] or "data"
    stem = f"_{stem}" if RESERVED.match(stem) else stem
    return f"{stem}{dot}{ending.lower()}"


def _receive(
    address: str, answer: Any, arriving: Path, tell: Callable[[float], None]
) -> tuple[str, int]:
    """Write what arrives into a file; return its sha256 and its size."""
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise ApprentiError("address_failed", address=address, reason="Content-Encoding")
    length, size, known = answer.length, 0, hashlib.sha256()
    _check_size(address, length or 0)
    if length and length > shutil.disk_usage(arriving.parent).free:
        raise OSError(28, "No space left on device")
    with open(arriving, "wb") as copy:
        for piece in pieces(address, answer):
            if not size and PAGE.match(piece):
                raise ApprentiError("address_is_page", address=address)
            size += len(piece)
            copy.write(piece)
            known.update(piece)
            tell(min(1.0, size / length) if length else 0.0)
    if not size:
        raise ApprentiError("empty_file", path=address)
    return known.hexdigest(), size


def pieces(address: str, answer: Any) -> Iterator[bytes]:
    """Yield what a server answers; raises an error where that is cut short or goes on and on."""
    size, began = 0, time.monotonic()
    # What is there, not what would fill the piece: a byte a second must not look like silence
    while piece := answer.read1(1 << 16):
        size += len(piece)
        _check_size(address, size)
        waited = time.monotonic() - began
        if waited > PATIENCE and size < SLOWEST * waited:
            raise ApprentiError("address_slow", address=address, seconds=waited)
        yield piece
    if answer.length:
        raise http.client.IncompleteRead(b"", answer.length)


def _check_size(address: str, size: int) -> None:
    if size > MOST_BYTES:
        raise ApprentiError("address_too_large", address=address, limit=MOST_BYTES / 1e9)
