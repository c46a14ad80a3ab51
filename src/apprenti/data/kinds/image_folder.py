"""A folder of images as a script will read it: each sub-folder is a class."""

import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.formats import is_image
from apprenti.data.kinds import images, memory
from apprenti.data.kinds.facts import Source
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]


def is_image_folder(folder: Path) -> bool:
    """Say whether a folder holds images, at whatever depth, and no IDX files."""
    if any(re.search(r"-ubyte(\.gz)?$", entry.name) for entry in folder.iterdir()):
        return False
    return any(is_image(path.name) for path in islice(folder.rglob("*"), images.LOOKED_AT))


def open_folder(folder: Path, data: DataSettings) -> Source:
    """List and check the images of a folder.

    Raises ApprentiError for anything that would make a run fail, before it exists.
    """
    names = list_images(folder)
    classes = _check_classes(folder, names)
    checked = images.check_files(folder, names)
    shape, settings = images.one_size(checked, data)
    return Source(
        kind="image_folder",
        name=folder.name,
        folder=folder.parent,
        rows=len(names),
        shape=shape,
        classes=classes,
        has_test_part=False,
        settings=settings,
        hashes={folder.name: checked.digest},
        streamed=memory.are_streamed(len(names), shape, data),
        contents=checked.contents,
    )


def _check_classes(folder: Path, names: tuple[str, ...]) -> int:
    """Return the number of classes, which must be at least two and far fewer than the images."""
    classes = [*dict.fromkeys(map(_class_of, names))]
    if not names:
        loose = sum(is_image(entry.name) for entry in folder.iterdir())
        raise ApprentiError("no_class_folders", path=folder, loose=loose)
    if len(classes) < 2:
        raise ApprentiError("one_class_folder", path=folder, name=classes[0], rows=len(names))
    if len(classes) > len(names) // 2:
        raise ApprentiError("too_many_folders", path=folder, classes=len(classes), rows=len(names))
    return len(classes)


def list_images(folder: Path) -> tuple[str, ...]:
    """Return class/file for each image, in the order of the script; hidden files are left out."""
    paths = (path.relative_to(folder).as_posix() for path in folder.glob("[!.]*/[!.]*"))
    return tuple(sorted(path for path in paths if is_image(path)))


def names_and_labels(source: Source) -> tuple["Array", "Array"]:
    """Return class/file and the class of each image."""
    import numpy as np

    names = list_images(source.path)
    return np.array(names), np.array([_class_of(name) for name in names])


def _class_of(name: str) -> str:
    return name.split("/")[0]
