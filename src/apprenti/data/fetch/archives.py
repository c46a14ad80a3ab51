"""A .zip of a folder of images, unpacked: images alone, inside the folder, within limits."""

import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from apprenti.data import formats
from apprenti.errors import ApprentiError
from apprenti.outside import reading
from apprenti.writing import aside

MOST_BYTES, MOST_FILES = 20 * 10**9, 1_000_000
"""What an archive may unfold into: a small one can hold as much as one likes."""

PIECE = 1 << 16


def unpack(archive: Path, folder: Path) -> None:
    """Unpack the images of an archive into a folder that is not there yet, whole or not at all.

    A folder around all the classes is left out. Paths that lead outside are refused.
    """
    with aside(folder) as arriving:
        with _opened(archive, folder) as opened:
            entries = [entry for entry in opened.infolist() if _is_wanted(entry)]
            _check(entries, folder)
            outer = _outer([PurePosixPath(entry.filename) for entry in entries])
            left = MOST_BYTES
            for entry in entries:
                path = arriving.joinpath(*PurePosixPath(entry.filename).parts[outer:])
                path.parent.mkdir(parents=True, exist_ok=True)
                left -= _copy(opened, entry, path, left, folder)
        if folder.exists():
            raise FileExistsError(folder)
        arriving.rename(folder)


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(entry.filename).parts
    hidden = any(part.startswith(".") and part != ".." for part in parts) or "__MACOSX" in parts
    # Those of kinds that are not read are told where the folder is opened
    image = formats.is_image(entry.filename) or formats.is_unread_image(entry.filename)
    return image and not entry.is_dir() and not hidden


def _check(entries: list[zipfile.ZipInfo], folder: Path) -> None:
    if not entries:
        raise ApprentiError("zip_without_images", path=folder.name)
    for entry in entries:
        path = PurePosixPath(entry.filename)
        if path.is_absolute() or ".." in path.parts or set(":\\\0") & set(entry.filename):
            raise ApprentiError("zip_outside", path=folder.name, name=entry.filename)
    if len(entries) > MOST_FILES or sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise ApprentiError("zip_too_large", path=folder.name, limit=MOST_BYTES / 1e9)


def _outer(paths: list[PurePosixPath]) -> int:
    """Return how many folders stand around the classes: class/file is what is left."""
    depth = 0
    while all(len(path.parts) > depth + 2 for path in paths):
        if len({path.parts[depth] for path in paths}) > 1:
            break
        depth += 1
    return depth


def _copy(
    opened: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path, left: int, folder: Path
) -> int:
    """Copy one file; return its size, which is counted and not believed."""
    size = 0
    with open(path, "wb") as copy:
        for piece in _pieces(opened, entry, folder):
            size += len(piece)
            if size > left:
                raise ApprentiError("zip_too_large", path=folder.name, limit=MOST_BYTES / 1e9)
            copy.write(piece)
    return size


def _opened(archive: Path, folder: Path) -> zipfile.ZipFile:
    with reading(Path(folder.name), "damaged_zip"):
        return zipfile.ZipFile(archive)


def _pieces(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path) -> Iterator[bytes]:
    with reading(Path(folder.name), "damaged_zip"), opened.open(entry) as file:
        while piece := file.read(PIECE):
            yield piece
