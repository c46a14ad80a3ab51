"""Files of images: can all be opened, how large are they, and are they grey?

Headers are read and files are hashed, but images are decoded only where nothing cheaper tells
whether they are whole.
"""

import hashlib
import io
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.formats import IMAGE_FORMATS, shown
from apprenti.errors import ApprentiError
from apprenti.outside import check_ordinary
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

GREY_MODES = ("1", "L", "LA", "I;16", "I;16B", "I;16L", "I;16N")
MODES = (*GREY_MODES, "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr")
"""The ways of keeping points that become bytes without a guess at their scale."""

MOST_POINTS = 89_000_000
"""Larger images are refused before they are decoded: a small file can hold billions of points."""

LARGEST_SIZE = 64
"""The larger side of the images unless `image_size` says otherwise."""

LOOKED_AT = 100_000
"""So many entries of a folder are looked at before it is said that something is not there."""

ORIENTATION, TURNED = 0x0112, (5, 6, 7, 8)
"""The EXIF tag of how a camera was held, and its values for an image that lies on its side."""


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
        if image.mode.startswith("I;16"):
            image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
        image = image.convert("RGBA").convert("RGB")
        image.thumbnail((96, 96))
        return np.asarray(image)


def check_files(folder: Path, names: tuple[str, ...]) -> Checked:
    """Return the headers and hashes of all; refuse if a single image could not be opened."""
    headers, contents, broken = [], [], []
    listing = hashlib.sha256()
    inside = folder.resolve()
    for name in names:
        path = folder / name
        if not path.resolve().is_relative_to(inside):
            raise ApprentiError("image_outside", name=shown(name), path=folder)
        check_ordinary(path)
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
            image: Image.Image = Image.open(io.BytesIO(content), formats=IMAGE_FORMATS)
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


def one_size(checked: Checked, data: DataSettings) -> tuple[tuple[int, ...], dict[str, object]]:
    """Return the shape that all images are brought to, and the settings that say so."""
    size = data.image_size or checked.size
    shape = size if checked.grey else (*size, 3)
    return shape, {"image_size": size, "image_mode": "L" if checked.grey else "RGB"}


def _usual_size(headers: list[Header]) -> tuple[int, int]:
    height = median(header.height for header in headers)
    width = median(header.width for header in headers)
    smaller = min(1.0, LARGEST_SIZE / max(height, width))
    return max(1, round(height * smaller)), max(1, round(width * smaller))
