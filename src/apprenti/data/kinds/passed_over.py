"""What lies in a folder of images and is not read: other kinds, out of place, hidden, no file."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from apprenti.data.formats import is_image, is_unread_image, shown

SYSTEM = ("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir")
"""What systems put beside images, besides what begins with a dot."""

LOOKED_AT = 100_000
"""So many entries of folders inside the classes are looked at."""


class PassedOver(NamedTuple):
    """Names of what is not read, from the folder of the images, by why it is not."""

    unread: tuple[str, ...] = ()
    """Images of kinds that are not read, such as HEIC."""
    misplaced: tuple[str, ...] = ()
    """Images that lie beside the folders of the classes, or a folder deeper than they."""
    hidden: tuple[str, ...] = ()
    """Hidden files, and what systems put there."""
    special: tuple[str, ...] = ()
    """Pipes, sockets, devices, links that lead nowhere or in a circle: never opened."""
    other: tuple[str, ...] = ()
    """Files that are no images."""
    lost: tuple[str, ...] = ()
    """Classes of which no image is read, though there are images in their folder."""
    empty: tuple[str, ...] = ()
    """Folders without any image, where classes stand."""
    spellings: tuple[str, ...] = ()
    """Classes whose name is stored in several ways (Unicode) in the names of their folders."""
    one_part: tuple[tuple[str, str], ...] = ()
    """Classes that are not in all of the folders train, valid and test, and one where they are."""
    parts: tuple[tuple[str, int], ...] = ()
    """The folders that are taken as parts of the data, with their images."""
    shallow: tuple[str, ...] = ()
    """Images in colour of more than 8 bits, of which 8 are read."""


def one_name(name: str) -> str:
    """Return a name in the one form in which names are compared (NFC)."""
    return unicodedata.normalize("NFC", name)


def look(folder: Path, parts: tuple[str, ...]) -> PassedOver:
    """Look at all that lies in a folder of images; `parts` are its folders train, valid, test."""
    entries: list[tuple[str, str]] = []
    classes: dict[str, dict[str, set[str]]] = {}
    for part in parts or ("",):
        classes[part] = {}
        for kind, name in _within(folder, part, parts):
            entries.append((kind, name))
            steps = name.split("/")[1 if part else 0 :]
            if len(steps) > 1 or kind == "class":
                classes[part].setdefault(steps[0], set()).add(kind)
    if parts:
        entries += _beside(folder, parts)
    return PassedOver(**_listed(entries), **_of_classes(classes))


LISTED = ("unread", "misplaced", "hidden", "special", "other")


def _listed(entries: list[tuple[str, str]]) -> dict[str, Any]:
    return {kind: tuple(sorted(shown(n) for k, n in entries if k == kind)) for kind in LISTED}


def _of_classes(classes: dict[str, dict[str, set[str]]]) -> dict[str, Any]:
    """Return what is wrong with the classes themselves, by the kinds of files in each folder."""
    found: dict[str, set[str]] = {}
    spellings: dict[str, set[str]] = {}
    where: dict[str, dict[str, str]] = {}
    for part, folders in classes.items():
        for folder, kinds in folders.items():
            name = one_name(folder)
            found.setdefault(name, set()).update(kinds)
            spellings.setdefault(name, set()).add(folder)
            if "image" in kinds:
                where.setdefault(name, {}).setdefault(part, part)
    without = [name for name, kinds in found.items() if "image" not in kinds]
    lost = [name for name in without if found[name] & {"unread", "misplaced"}]
    filled = [part for part in classes if any("image" in kinds for kinds in classes[part].values())]
    one_part = [(name, next(iter(of))) for name, of in where.items() if len(of) < len(filled)]
    return {
        "lost": tuple(sorted(map(shown, lost))),
        "empty": tuple(sorted(shown(name) for name in without if name not in lost)),
        "spellings": tuple(sorted(n for n, forms in spellings.items() if len(forms) > 1)),
        "one_part": tuple(sorted((shown(name), part) for name, part in one_part)),
    }


def _within(folder: Path, part: str, parts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield each entry of a folder of classes with its kind; "class" for a class itself."""
    top = folder / part if part else folder
    prefix = f"{part}/" if part else ""
    for entry in _entries(top):
        name = f"{prefix}{entry.name}"
        kind = _kind(entry, folder)
        if kind != "folder":
            yield "misplaced" if kind == "image" else kind, name
            continue
        yield "class", name
        for inner in _entries(Path(entry.path)):
            kind = _kind(inner, folder)
            if kind != "folder":
                yield kind, f"{name}/{inner.name}"
            else:
                yield from _deeper(Path(inner.path), f"{name}/{inner.name}")


def _deeper(folder: Path, name: str) -> Iterator[tuple[str, str]]:
    """Yield the images that lie too deep, none of them through a link."""
    walked = (
        (Path(inside), file) for inside, _, files in os.walk(folder) for file in sorted(files)
    )
    for inside, file in islice(walked, LOOKED_AT):
        if (is_image(file) or is_unread_image(file)) and not _is_hidden(file):
            yield "misplaced", f"{name}/{(inside / file).relative_to(folder).as_posix()}"


def _beside(folder: Path, parts: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what lies beside the folders train, valid and test."""
    for entry in _entries(folder):
        kind = _kind(entry, folder)
        if kind == "folder" and entry.name not in parts:
            yield from _deeper(Path(entry.path), entry.name)
        elif kind != "folder":
            yield "misplaced" if kind == "image" else kind, entry.name


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name)


def _kind(entry: "os.DirEntry[str]", top: Path) -> str:
    """Return what an entry is: hidden, folder, image, unread, special or other."""
    if _is_hidden(entry.name):
        return "hidden"
    try:
        if entry.is_dir():
            circular = entry.is_symlink() and top.is_relative_to(Path(entry.path).resolve())
            return "special" if circular else "folder"
        if not entry.is_file():
            return "special"
    except OSError:
        return "special"
    if is_image(entry.name):
        return "image"
    return "unread" if is_unread_image(entry.name) else "other"


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name.lower() in SYSTEM
