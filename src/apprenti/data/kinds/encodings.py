"""Which characters the bytes of a text file stand for, and what is packed around them."""

import bz2
import codecs
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from apprenti.data.kinds import memory
from apprenti.errors import ApprentiError

BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The marks at the begin of a file; that of UTF-32 begins like that of UTF-16."""

FALLBACK = "cp1252"
"""What is not UTF-8: nearly any bytes can be read so."""

PACKED = ((b"\x1f\x8b", "gzip"), (b"BZh", "bz2"), (b"\xfd7zXZ\0", "xz"), (b"PK\3\4", "zip"))
ENDINGS = {".gz": "gzip", ".bz2": "bz2", ".xz": "xz", ".zip": "zip"}
"""Those by which pandas knows what it has to unpack."""

PIECE = 1 << 22
MOST_EXAMPLES = 10


class Encoding(NamedTuple):
    """How bytes are read; `strays` are the lines that are not written like the others."""

    name: str
    strays: tuple[int, ...] = ()
    """The numbers of the first of these lines, counted from 1."""
    stray_count: int = 0
    example: str = ""


def packing(path: Path) -> str | None:
    """Return what a file is packed with, by its first bytes."""
    with open(path, "rb") as file:
        begin = file.read(8)
    return next((name for mark, name in PACKED if begin.startswith(mark)), None)


def packed_name(path: Path) -> str:
    """Return what the file is called that is packed in this one."""
    if packing(path) == "zip":
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()[0]
    return path.stem


def opened(path: Path) -> BinaryIO:
    """Open a file for its bytes, unpacked; of a ZIP the one file that it holds."""
    packed = packing(path)
    if packed == "zip":
        archive = zipfile.ZipFile(path)
        inside = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        if len(inside) != 1:
            names = ", ".join(inside[:5])
            raise ApprentiError("zip_of_several", path=path, count=len(inside), names=names)
        return cast(BinaryIO, archive.open(inside[0]))
    if packed == "gzip":
        return cast(BinaryIO, gzip.open(path))
    if packed == "bz2":
        return cast(BinaryIO, bz2.open(path))
    return cast(BinaryIO, lzma.open(path)) if packed else open(path, "rb")


def pieces(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file piece by piece, and no more than the memory would hold."""
    done, most = 0, memory.total() / memory.COPIES
    try:
        with opened(path) as file:
            while piece := file.read(PIECE):
                done += len(piece)
                if done > most:
                    sizes = {"size": done / 1e9, "memory": memory.total() / 1e9}
                    raise ApprentiError("table_large", path=path, **sizes)
                yield piece
    except (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
        if not isinstance(error, OSError) or packing(path):
            raise ApprentiError("damaged_packing", path=path, reason=error) from None
        raise
    except (RuntimeError, NotImplementedError) as error:  # a password, an unusual method
        raise ApprentiError("damaged_packing", path=path, reason=error) from None


def find(path: Path) -> Encoding:
    """Return how the bytes of a text file are read; the whole file is gone through.

    Where most lines with accents are UTF-8 and few are not, these alone are read as `FALLBACK`.
    Raises ApprentiError for an empty file, and for what is no text.
    """
    begin = next(pieces(path), b"")
    if not begin.strip():
        raise ApprentiError("empty_file", path=path)
    name = next((name for bom, name in BOMS if begin.startswith(bom)), None)
    name = name or _without_mark(begin)
    if name is None and b"\0" in begin:
        raise ApprentiError("not_text", path=path)
    name = name or "utf-8"
    if _can_be(path, name):
        return Encoding(name)
    if name in ("utf-8", "utf-8-sig") and (strays := _strays(path, name)):
        return strays
    if name == "utf-8" and _can_be(path, FALLBACK):
        return Encoding(FALLBACK)
    raise ApprentiError("not_text", path=path)


def _without_mark(begin: bytes) -> str | None:
    """Return the UTF-16 of a file without a mark: every second byte of plain letters is zero."""
    sample = begin[:1000]
    for name, high, low in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        zeros = sample[high::2].count(0)
        if zeros > 0.8 * len(sample[high::2]) and not sample[low::2].count(0):
            return name
    return None


def _can_be(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    plain = name in ("utf-8", FALLBACK)
    try:
        for piece in pieces(path):
            # What a piece before has begun ends in this one
            if not (plain and piece.isascii() and not decoder.getstate()[0]):
                decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _strays(path: Path, name: str) -> Encoding | None:
    """Return UTF-8 with the lines that are none, if they are fewer than those that are."""
    good, strays, count, example = 0, list[int](), 0, ""
    for number, line in enumerate(lines_of(path), start=1):
        if line.isascii():
            continue
        try:
            line.decode("utf-8")
            good += 1
        except UnicodeDecodeError:
            count += 1
            if len(strays) < MOST_EXAMPLES:
                strays.append(number)
                example = example or line.decode("utf-8", ON_STRAY).strip()
    return Encoding(name, tuple(strays), count, example) if good > count else None


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file as bytes."""
    rest = b""
    for piece in pieces(path):
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    if rest:
        yield rest


ON_STRAY = "apprenti_cp1252"


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)  # noqa: S101
    stray = error.object[error.start : error.end]
    return stray.decode(FALLBACK, "replace"), error.end


codecs.register_error(ON_STRAY, _as_cp1252)


def text_lines(path: Path, encoding: Encoding) -> Iterator[str]:
    """Yield the lines of a file as text, each with the end that it has in the file."""
    errors = ON_STRAY if encoding.stray_count else "strict"
    with io.TextIOWrapper(opened(path), encoding.name, errors, newline="") as file:
        yield from file


def last_lines(path: Path, encoding: Encoding, length: int = 1 << 16) -> list[str]:
    """Return the last lines of a file; the first of them may be the end of a longer one."""
    end = b""
    if packing(path):
        for piece in pieces(path):
            end = (end + piece)[-length:]
    else:
        with open(path, "rb") as file:
            file.seek(-min(length, path.stat().st_size), io.SEEK_END)
            end = file.read()
    return end.decode(encoding.name, "replace").splitlines(keepends=True)
