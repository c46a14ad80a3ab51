"""Files of images: can all be decoded, how large are they, and are they grey?

Every file is hashed, and decoded by the function by which a script reads it.
"""

import contextlib
import hashlib
import io
import os
import re
import threading
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.formats import IMAGE_FORMATS, shown
from apprenti.data.kinds import decoded
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

GREY_MODES = ("1", "L", "LA")
DEEP_MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
MODES = (*GREY_MODES, *DEEP_MODES, "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
"""The ways of keeping points that are read; those that are deep have more than 256 shades of grey,
between a black and a white that the training rows tell."""

MOST_POINTS = 89_000_000
"""Larger images are refused before they are decoded: a small file can hold billions of points."""

LARGE = 20_000_000
"""Images of more points are decoded one at a time, for the sake of the memory."""

AT_ONCE = min(4, os.cpu_count() or 1)
"""So many images are decoded at a time."""

_ALONE = threading.Lock()

LARGEST_SIZE = 64
"""The larger side of the images unless `image_size` says otherwise."""

LOOKED_AT = 100_000
"""So many entries of a folder are looked at before it is said that something is not there."""

ORIENTATION, MOVED, TURNED = 0x0112, (2, 3, 4, 5, 6, 7, 8), (5, 6, 7, 8)
"""The EXIF tag of how a camera was held, its values for an image that does not stand upright, and
those for one that lies on its side."""

NOTES = (b"eXIf", b"Raw profile type exif", b"XML:com.adobe.xmp")
"""The words in a PNG behind which it may say how a camera was held."""


class Header(NamedTuple):
    """What is known of an image that was decoded whole."""

    height: int
    width: int
    grey: bool
    deep: bool = False
    """Whether it is grey with more than 256 shades, and keeps them."""
    shallow: bool = False
    """Whether its colours have more than 8 bits, of which 8 are read."""
    lightest: float = 255.0
    """The largest point of a deep one."""
    jpeg: bool = False
    turned: bool = False
    """Whether it notes how the camera was held, and may have to be turned."""
    transparent: bool = False


class Checked(NamedTuple):
    """What reading every file has shown."""

    names: tuple[str, ...]
    headers: list[Header]
    contents: tuple[str, ...]
    """sha256 of each file: the same for exact copies."""
    digest: str
    """sha256 of the names, sizes and contents."""

    def first(self, count: int) -> "Checked":
        """Return the same of the first images alone; their digest is that of all."""
        return Checked(self.names[:count], self.headers[:count], self.contents[:count], self.digest)

    @property
    def size(self) -> tuple[int, int]:
        """The median height and width, made smaller if they are large."""
        return _usual_size(self.headers)

    @property
    def mode(self) -> str:
        """The way in which points are read: RGB, L for shades of grey, F for more than 256."""
        if not all(header.grey for header in self.headers):
            return "RGB"
        return "F" if self.headers[0].deep else "L"

    def needs(self, size: tuple[int, int]) -> tuple[str, ...]:
        """Return what some images need while they are opened, to be brought to a size."""
        # A JPEG of less than four times the size is opened as it is (see `Image.draft`)
        large = 4 * max(size)
        needed = {
            "draft": any(one.jpeg and min(one.height, one.width) >= large for one in self.headers),
            "turn": any(one.turned for one in self.headers),
            "paper": any(one.transparent for one in self.headers),
            "16 bits": any(one.deep for one in self.headers),
        }
        return tuple(name for name, is_needed in needed.items() if is_needed)

    @property
    def shallow(self) -> tuple[str, ...]:
        """The images of which the colours lose some of their shades."""
        pairs = zip(self.names, self.headers, strict=True)
        return tuple(shown(name) for name, header in pairs if header.shallow)


class _Seen(NamedTuple):
    """One file: its size, sha256, and its header or what is wrong with it."""

    size: int
    sha256: str
    header: Header | None
    wrong: Exception | None = None


def is_there(folder: Path, name: str) -> bool:
    return "\0" not in name and (folder / name).exists()


def below(folder: Path, name: str) -> str:
    """Return the path of a file of this name somewhere below a folder, or an empty text."""
    wanted = Path(name.replace("\\", "/")).name
    entries = islice(folder.rglob("[!.]*"), LOOKED_AT)
    found = (entry for entry in entries if entry.name == wanted)
    return next((entry.relative_to(folder).as_posix() for entry in found), "")


def small(path: Path) -> "np.ndarray[Any, Any]":
    """Return an image to look at: three colours, its longer side of 96 points at most."""
    import numpy as np
    from PIL import Image, ImageOps

    with Image.open(path, formats=IMAGE_FORMATS) as opened:
        opened.draft(None, (192, 192))
        image: Image.Image = ImageOps.exif_transpose(opened)
        if image.mode in DEEP_MODES:
            points = np.asarray(image).astype(float)
            spread = np.ptp(points) or 1
            image = Image.fromarray(((points - points.min()) * (255 / spread)).astype(np.uint8))
        image = image.convert("RGBA").convert("RGB")
        image.thumbnail((96, 96))
        return np.asarray(image)


def check_files(folder: Path, names: tuple[str, ...], project: Path | None = None) -> Checked:
    """Decode every image, several at a time; refuse if a single one could not be.

    What a project's folder knows already of files with the same content is not decoded again.
    """
    inside = folder.resolve()
    for name in names:
        if not (folder / name).resolve().is_relative_to(inside):
            raise ApprentiError("image_outside", name=shown(name), path=folder)
    known = decoded.known(project)
    seen: list[_Seen] = []
    told = decoded.telling.get()()
    with told as tell, warnings.catch_warnings(), ThreadPoolExecutor(AT_ONCE) as pool:
        # The size of an image is looked at here, whatever Pillow's own limit
        warnings.simplefilter("ignore")
        for one in pool.map(lambda name: _look_at(folder, name, known), names):
            seen.append(one)
            tell(len(seen) / len(names))
    sound = {one.sha256: tuple(one.header) for one in seen if one.header}
    decoded.keep(project, known, sound)
    broken = {name: one.wrong for name, one in zip(names, seen, strict=True) if one.wrong}
    if broken:
        first = next(iter(broken))
        values = {"count": len(broken), "name": shown(first), "reason": broken[first]}
        raise ApprentiError("broken_images", path=folder, names=tuple(broken), **values)
    listing = hashlib.sha256()
    for name, one in zip(names, seen, strict=True):
        listing.update(f"{name}\t{one.size}\t{one.sha256}\n".encode())
    headers = [one.header for one in seen if one.header]
    return Checked(names, headers, tuple(one.sha256 for one in seen), listing.hexdigest())


def _look_at(folder: Path, name: str, known: Mapping[str, Any]) -> _Seen:
    path = folder / name
    try:
        if not path.is_file():
            # Opening a pipe would wait for ever
            raise OSError("not a regular file")
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        return _Seen(len(content), sha256, _kept(known.get(sha256)) or check(name, content))
    except ApprentiError:
        raise
    except Exception as error:  # Pillow raises almost anything on broken files
        return _Seen(0, "", None, error)


def _kept(values: Any) -> Header | None:
    """Return a header that was kept, or None for what is none."""
    kinds = (int, int, bool, bool, bool, float, bool, bool, bool)
    if not isinstance(values, list) or [type(value) for value in values] != list(kinds):
        return None
    return Header(*values)


def check(name: str, content: bytes) -> Header:
    """Decode an image and return its header; raise what is wrong with it."""
    from PIL import Image

    try:
        image: Image.Image = Image.open(io.BytesIO(content), formats=IMAGE_FORMATS)
    except Image.DecompressionBombError:
        raise ApprentiError("image_too_large", name=name, limit=MOST_POINTS // 10**6) from None
    if image.width * image.height > MOST_POINTS:
        raise ApprentiError("image_too_large", name=name, limit=MOST_POINTS // 10**6)
    if image.mode not in MODES:
        raise ValueError(f"mode {image.mode}")
    header = _header(image, content)
    _check_end(image, content)
    return _decode(header, content)


def _header(image: "Image", content: bytes) -> Header:
    # That of a PNG may stand behind its points, and is only looked for
    held = image.getexif().get(ORIENTATION) if image.format != "PNG" else None
    height, width = (image.width, image.height)[:: 1 if held in TURNED else -1]
    turned = held in MOVED or any(word in content for word in NOTES if image.format == "PNG")
    deep = image.mode in DEEP_MODES
    return Header(
        height,
        width,
        deep or image.mode in GREY_MODES,
        deep,
        _is_shallow(image),
        jpeg=image.format in ("JPEG", "MPO"),
        turned=turned,
        transparent=image.has_transparency_data,
    )


def _is_shallow(image: "Image") -> bool:
    """Say whether Pillow keeps 8 of 16 bits of each colour: it tells so in its way to read them."""
    tiles = getattr(image, "tile", ())
    ways = [str(part) for tile in tiles for part in tile[3:]]
    return image.mode not in DEEP_MODES and any(";16" in way for way in ways)


def _decode(header: Header, content: bytes) -> Header:
    """Read an image as a script does, the largest ones one at a time."""
    import numpy as np

    block = import_module("apprenti.backends.common.image_points")
    config = import_module("apprenti.backends.common.settings").Config
    settings = config(image_size=(64, 64), image_mode="F" if header.deep else "RGB")
    large = header.height * header.width > LARGE
    with _ALONE if large else contextlib.nullcontext():
        points = block.read_image(io.BytesIO(content), settings)
    if not header.deep:
        return header
    if not np.isfinite(points).all():
        raise ValueError("points that are no numbers (NaN or infinite)")
    return header._replace(lightest=float(points.max()))


def _check_end(image: "Image", content: bytes) -> None:
    """Raise an error for what a decoder passes over: an end that is missing, a mark among points.

    Where libjpeg meets a mark before the last point, the rest becomes grey without a word.
    """
    if image.format == "PNG":
        # Checksums up to the very end
        image.verify()
    elif image.format in ("JPEG", "MPO"):
        start = _points_of_jpeg(content)
        if content.find(b"\xff\xd9", start) < 0:
            raise OSError("cut short: its end is missing")
        if (place := _stray_mark(content, start)) is not None:
            raise OSError(f"damaged at byte {place}")


def _points_of_jpeg(content: bytes) -> int:
    """Return where the points of a JPEG begin, after its parts (one may hold a JPEG)."""
    at = 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at


MARK = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
"""Among the points of a JPEG a byte 255 is followed by 0, or by a mark that restarts them."""

TABLES_OF_JPEG = (0xC4, *range(0xDB, 0xDE))
"""The marks of tables, which may stand between two scans, each with its length."""

SCAN, END = 0xDA, 0xD9


def _stray_mark(content: bytes, at: int) -> int | None:
    """Return the place of a mark that no JPEG has there, before the one that ends it."""
    while mark := MARK.search(content, at):
        kind = content[mark.end() - 1]
        if kind == END:
            return None
        length = int.from_bytes(content[mark.end() : mark.end() + 2], "big")
        at = mark.end() + length
        # A table is followed by another mark
        followed = content[at : at + 1] == b"\xff"
        if not (kind == SCAN or (kind in TABLES_OF_JPEG and followed)) or length < 2:
            return mark.start()
    return at


def one_size(checked: Checked, data: DataSettings) -> tuple[tuple[int, ...], dict[str, object]]:
    """Return the shape that all images are brought to, and the settings that say so."""
    size = data.image_size or checked.size
    shape = (*size, 3) if checked.mode == "RGB" else size
    needs = {"image_needs": checked.needs(size)}
    return shape, {"image_size": size, "image_mode": checked.mode, **needs}


def refuse_mixture(checked: Checked, folder: Path) -> None:
    """Refuse images of more than 256 shades among others: white would not be the same number."""
    deep = [n for n, header in zip(checked.names, checked.headers, strict=True) if header.deep]
    if deep and len(deep) < len(checked.names):
        other = next(name for name in checked.names if name not in set(deep))
        counts = {"deep": len(deep), "others": len(checked.names) - len(deep)}
        examples = {"name": shown(deep[0]), "other": shown(other)}
        raise ApprentiError("mixed_depths", path=folder, **counts, **examples)


def _usual_size(headers: list[Header]) -> tuple[int, int]:
    height = median(header.height for header in headers)
    width = median(header.width for header in headers)
    smaller = min(1.0, LARGEST_SIZE / max(height, width))
    return max(1, round(height * smaller)), max(1, round(width * smaller))
