"""A folder of images as a script will read it: its files, their classes, and can all be opened?

Each sub-folder is a class. Headers are read and files are hashed, but images are decoded only
where nothing cheaper tells whether they are whole.
"""

import hashlib
import io
import re
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import ApprentiError

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

ENDINGS = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP")
"""As in backends/common: what a script lists, and what it opens."""

GREY_MODES = ("1", "L", "LA", "I;16", "I;16B", "I;16L", "I;16N")
MODES = (*GREY_MODES, "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
"""The ways of keeping points that become bytes without a guess at their scale."""

MOST_POINTS = 89_000_000
"""Larger images are refused before they are decoded: a small file can hold billions of points."""

LARGEST_SIZE = 64
"""The larger side of the images unless `image_size` says otherwise."""

LOOKED_AT = 100_000
"""So many files of a folder are looked at before it is said to hold no images."""

ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)
"""The EXIF tag of how a camera was held, and its values for an image that lies on its side."""


class Images(NamedTuple):
    """What is known of a folder of images without decoding them."""

    names: tuple[str, ...]
    """class/file, in the order in which the script lists them."""
    classes: tuple[str, ...]
    checked: "Checked"


class Header(NamedTuple):
    height: int
    width: int
    grey: bool


class Checked(NamedTuple):
    """What reading every file has shown."""

    headers: list[Header]
    contents: tuple[str, ...]
    """sha256 of each file: the same for exact copies."""
    digest: str
    """sha256 of the names, sizes and contents."""

    @property
    def size(self) -> tuple[int, int]:
        """The median height and width, made smaller if they are large."""
        return _usual_size(self.headers)

    @property
    def grey(self) -> bool:
        return all(header.grey for header in self.headers)


def is_image_folder(folder: Path) -> bool:
    """Say whether a folder holds images, at whatever depth, and no IDX files."""
    if any(re.search(r"-ubyte(\.gz)?$", entry.name) for entry in folder.iterdir()):
        return False
    return any(is_image(path.name) for path in islice(folder.rglob("*"), LOOKED_AT))


def open_folder(folder: Path) -> Images:
    """List and check the images of a folder.

    Raises ApprentiError for anything that would make a run fail, before it exists.
    """
    names = list_images(folder)
    classes = tuple(dict.fromkeys(name.split("/")[0] for name in names))
    if not names:
        loose = sum(is_image(entry.name) for entry in folder.iterdir())
        raise ApprentiError("no_class_folders", path=folder, loose=loose)
    if len(classes) < 2:
        raise ApprentiError("one_class_folder", path=folder, name=classes[0], rows=len(names))
    if len(classes) > len(names) // 2:
        raise ApprentiError("too_many_folders", path=folder, classes=len(classes), rows=len(names))
    return Images(names, classes, check_files(folder, names))


def list_images(folder: Path) -> tuple[str, ...]:
    """Return class/file for each image, in the order of the script; hidden files are left out."""
    paths = (path.relative_to(folder).as_posix() for path in folder.glob("[!.]*/[!.]*"))
    return tuple(sorted(path for path in paths if is_image(path)))


def small(path: Path) -> "np.ndarray[Any, Any]":
    """Return an image to look at: three colours, its longer side of 96 points at most."""
    import numpy as np
    from PIL import Image, ImageOps

    with Image.open(path, formats=FORMATS) as opened:
        opened.draft(None, (192, 192))
        image: Image.Image = ImageOps.exif_transpose(opened)
        if image.mode.startswith("I;16"):
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        image = image.convert("RGBA").convert("RGB")
        image.thumbnail((96, 96))
        return np.asarray(image)


def is_image(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def check_files(folder: Path, names: tuple[str, ...]) -> Checked:
    """Return the headers and hashes of all; refuse if a single image could not be opened."""
    headers, contents, broken = [], [], []
    listing = hashlib.sha256()
    inside = folder.resolve()
    for name in names:
        path = folder / name
        if not path.resolve().is_relative_to(inside):
            raise ApprentiError("image_outside", name=shown(name), path=folder)
        try:
            content = path.read_bytes()
            headers.append(check(name, content))
            known = hashlib.sha256(content).hexdigest()
            contents.append(known)
            listing.update(f"{name}\t{len(content)}\t{known}\n".encode())
        except ApprentiError:
            raise
        except Exception as error:  # Pillow raises almost anything on broken files
            broken.append((shown(name), error))
    if broken:
        first, reason = broken[0]
        raise ApprentiError(
            "broken_images", path=folder, count=len(broken), name=first, reason=reason
        )
    return Checked(headers, tuple(contents), listing.hexdigest())


def check(name: str, content: bytes) -> Header:
    """Return the size of an image and whether it is grey; raise what is wrong with it."""
    import warnings

    from PIL import Image

    with warnings.catch_warnings():
        # Its size is looked at below, whatever Pillow's own limit
        warnings.simplefilter("ignore")
        try:
            image: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS)
        except Image.DecompressionBombError:
            raise ApprentiError("image_too_large", name=name, limit=MOST_POINTS // 10**6) from None
        if image.width * image.height > MOST_POINTS:
            raise ApprentiError("image_too_large", name=name, limit=MOST_POINTS // 10**6)
        if image.mode not in MODES:
            raise ValueError(f"mode {image.mode}")
        # That of a PNG may stand behind its points, which would have to be decoded
        turned = image.format != "PNG" and image.getexif().get(ORIENTATION) in TURNED
        header = Header(image.height, image.width, image.mode in GREY_MODES)
        _check_whole(image, content)
    return header._replace(height=header.width, width=header.height) if turned else header


def _check_whole(image: "Image", content: bytes) -> None:
    """Raise an error for a file that was cut short."""
    if image.format == "PNG":
        # Checksums up to the very end
        image.verify()
    elif image.format in ("JPEG", "MPO"):
        if not _ends(content):
            raise OSError("cut short: its end is missing")
    else:
        image.load()


def _ends(content: bytes) -> bool:
    """Say whether a JPEG has its end mark, after the marks of its parts (one may hold a JPEG)."""
    at = 2
    while content[at : at + 1] == b"\xff" and content[at + 1 : at + 2] != b"\xda":
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return content.find(b"\xff\xd9", at) >= 0


def _usual_size(headers: list[Header]) -> tuple[int, int]:
    height = median(header.height for header in headers)
    width = median(header.width for header in headers)
    smaller = min(1.0, LARGEST_SIZE / max(height, width))
    return max(1, round(height * smaller)), max(1, round(width * smaller))


def shown(name: str) -> str:
    """Return a name that can be printed, whatever bytes it is made of."""
    return name.encode("utf-8", "backslashreplace").decode()
