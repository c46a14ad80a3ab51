"""A folder of images as a script will read it: each sub-folder is a class."""

import re
import unicodedata
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data.formats import is_image, is_unread_image, shown
from apprenti.data.kinds import images, memory, passed_over
from apprenti.data.kinds.facts import Source
from apprenti.data.kinds.images import Checked
from apprenti.data.kinds.passed_over import PassedOver, one_name
from apprenti.errors import ApprentiError, nearest
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

NAMES_OF_PARTS = {
    "train": ("train", "training", "entrainement", "apprentissage"),
    "valid": ("valid", "validation", "val"),
    "test": ("test", "testing"),
}
"""What folders are called that are parts of the data and no classes, without accents."""


class Parts(NamedTuple):
    """The folders of the parts in which images come; empty where there is none."""

    train: str = ""
    valid: str = ""
    test: str = ""

    @property
    def there(self) -> tuple[str, ...]:
        return tuple(name for name in self if name)

    @property
    def learned(self) -> tuple[str, ...]:
        """The folders that a training reads."""
        return tuple(name for name in (self.train, self.valid) if name)


def is_image_folder(folder: Path) -> bool:
    """Say whether a folder holds images, at whatever depth, and no IDX files."""
    if any(re.search(r"-ubyte(\.gz)?$", entry.name) for entry in folder.iterdir()):
        return False
    names = (path.name for path in islice(folder.rglob("*"), images.LOOKED_AT))
    return any(is_image(name) or is_unread_image(name) for name in names)


def open_folder(folder: Path, data: DataSettings, project: Path | None = None) -> Source:
    """List and decode the images of a folder.

    Raises ApprentiError for anything that would make a run fail, before it exists.
    """
    parts = find_parts(folder)
    names = found = list_images(folder, parts.learned)
    tested = list_images(folder, (parts.test,)) if parts.test else ()
    _check_skipped(data.skip_images, (*names, *tested))
    names, tested = (
        tuple(name for name in some if name not in data.skip_images) for some in (names, tested)
    )
    beside = passed_over.look(folder, parts.there)
    classes = _check_classes(folder, names, beside)
    checked = _check_files(folder, (*names, *tested), project)
    learned = checked.first(len(names))
    shape, settings = images.one_size(learned, data)
    plain = all(name.split("/")[-2].isascii() for name in names)
    return Source(
        kind="image_folder",
        name=folder.name,
        folder=folder.parent,
        rows=len(names),
        shape=shape,
        classes=classes,
        has_test_part=bool(parts.test),
        settings={
            **settings,
            **_of_parts(parts),
            **_of_skipped(data),
            "endings": _endings(folder, parts.learned, found),
            "ascii_classes": plain,
        },
        hashes={folder.name: checked.digest},
        split="folders" if parts.valid else "random",
        streamed=memory.are_streamed(len(names), shape, data),
        contents=checked.contents,
        valid_part=sum(name.startswith(f"{parts.valid}/") for name in names),
        passed_over=beside._replace(
            shallow=checked.shallow, parts=_counted(parts, (*names, *tested))
        ),
    )


def find_parts(folder: Path) -> Parts:
    """Return the folders train, valid and test, where they hold the folders of the classes.

    One for the training must be there, and no other folder that could be a class.
    """
    found: dict[str, str] = {}
    for entry in sorted(path for path in folder.glob("[!.]*") if path.is_dir()):
        part = _part_of(entry.name)
        direct = any(is_image(file.name) for file in entry.glob("[!.]*"))
        if part and not direct and list_images(entry):
            if part in found:
                names = {"first": found[part], "second": entry.name}
                raise ApprentiError("part_twice", path=folder, part=part, **names)
            found[part] = entry.name
        elif direct and part in (None, "train"):
            return Parts()
    return Parts(**found) if "train" in found else Parts()


def _counted(parts: Parts, names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    within = Counter(name.split("/")[0] for name in names)
    return tuple((part, within[part]) for part in parts.there)


def _part_of(name: str) -> str | None:
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return next((part for part, names in NAMES_OF_PARTS.items() if plain in names), None)


def _of_parts(parts: Parts) -> dict[str, Any]:
    """Return what a script must know of the parts."""
    found: dict[str, Any] = {"folders": parts.learned} if parts.learned else {}
    if parts.valid:
        found |= {"valid_folder": parts.valid, "split_by": "folder"}
    return {**found, "test_folders": (parts.test,)} if parts.test else found


def _check_files(folder: Path, names: tuple[str, ...], project: Path | None) -> Checked:
    """Decode every image; say of broken ones how a folder can do without them."""
    try:
        checked = images.check_files(folder, names, project)
    except ApprentiError as error:
        if error.key == "broken_images":
            raise ApprentiError("broken_in_folder", **error.values) from None
        raise
    images.refuse_mixture(checked, folder)
    return checked


def _of_skipped(data: DataSettings) -> dict[str, Any]:
    return {"skip_images": data.skip_images} if data.skip_images else {}


def _check_skipped(skipped: tuple[str, ...], names: tuple[str, ...]) -> None:
    """Refuse a name to be left out that is no image's: it would seem to have been obeyed."""
    for name in skipped:
        if name not in names:
            raise ApprentiError("skip_missing", name=name, nearest=nearest(name, names[:1000]))


def _check_classes(folder: Path, names: tuple[str, ...], beside: PassedOver) -> int:
    """Return the number of classes, which must be at least two and far fewer than the images."""
    classes = [*dict.fromkeys(map(_class_of, names))]
    if len(classes) < 2 and beside.lost and beside.unread:
        values = {"classes": ", ".join(beside.lost[:6]), "count": len(beside.unread)}
        raise ApprentiError("classes_unread", path=folder, example=beside.unread[0], **values)
    if not names:
        loose = sum("/" not in name for name in beside.misplaced)
        place = next((Path(name).parent.parent for name in beside.misplaced if "/" in name), None)
        lower = shown(str(folder / place)) if place else "-"
        raise ApprentiError("no_class_folders", path=folder, loose=loose, nearest=lower)
    if len(classes) < 2:
        raise ApprentiError("one_class_folder", path=folder, name=classes[0], rows=len(names))
    if len(classes) > len(names) // 2:
        raise ApprentiError("too_many_folders", path=folder, classes=len(classes), rows=len(names))
    return len(classes)


def list_images(folder: Path, parts: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return class/file for each image, in the order of the script; hidden files are left out.

    Where images come in parts it is part/class/file, of these `parts` alone.
    """
    found = (path for path in _files(folder, parts) if path.is_file())
    paths = (path.relative_to(folder).as_posix() for path in found)
    return tuple(sorted(path for path in paths if is_image(path)))


def _endings(folder: Path, parts: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the endings that tell the images from other files; none where a folder has one too."""
    endings = {Path(name).suffix for name in names}
    other = any(path.suffix in endings and not path.is_file() for path in _files(folder, parts))
    return () if other else tuple(sorted(endings))


def _files(folder: Path, parts: tuple[str, ...]) -> list[Path]:
    """Return whatever is in the folders of the classes."""
    within = [f"{part}/[!.]*/[!.]*" for part in parts] or ["[!.]*/[!.]*"]
    return [path for pattern in within for path in folder.glob(pattern)]


def names_and_labels(source: Source) -> tuple["Array", "Array"]:
    """Return class/file and the class of each image to learn from, or to share out."""
    return _labelled(source, source.settings.get("folders", ()))


def of_test(source: Source) -> tuple["Array", "Array"]:
    """Return the same of the images of the test set that comes with the data, if one does."""
    return _labelled(source, source.settings.get("test_folders"))


def _labelled(source: Source, folders: tuple[str, ...] | None) -> tuple["Array", "Array"]:
    """Return the names and the classes of the images of some parts; None: of no part."""
    import numpy as np

    skipped = source.settings.get("skip_images", ())
    found = () if folders is None else list_images(source.path, folders)
    names = [name for name in found if name not in skipped]
    return np.array(names), np.array([_class_of(name) for name in names])


def _class_of(name: str) -> str:
    return one_name(name.split("/")[-2])
