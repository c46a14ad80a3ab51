"""New images for a model that learned from files: one, those of a folder, those of a table."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from apprenti.data.formats import is_image, is_unread_image, shown
from apprenti.data.kinds import image_table, images, table
from apprenti.data.kinds.columns import find_image_column
from apprenti.data.kinds.files import is_table
from apprenti.data.kinds.images import Checked
from apprenti.errors import ApprentiError, nearest
from apprenti.predict import tables
from apprenti.predict.notes import Note, Seen
from apprenti.project import DataSettings

OTHER_DEPTH = 1.5, 0.1
"""Lightest points beyond so many times the white of the training, or below this share, are told."""

NAMED = 6
"""So many files that are not read are named."""


def look(
    path: Path, reading: str, settings: Mapping[str, Any], preparation: Mapping[str, Any]
) -> Seen:
    """Refuse images that cannot be shown to the model, and say how those of a table are found.

    `preparation` is what model.json says of it: what black and white were in the training;
    `reading` is the block that read its rows.
    """
    deep = settings.get("image_mode") == "F"
    if path.is_dir() or not is_table(path):
        checked, notes = check(path, deep)
        return Seen({}, [*notes, *_of_depth(checked, preparation)])
    written = tables.how_written(path, settings)
    frame = table.read(path, written)
    named = DataSettings(source=path.name, image=settings.get("image"))
    column = find_image_column(frame, named, path.parent)
    if column not in frame.columns:
        name = column or settings.get("image", "image")
        near = nearest(name, map(str, frame.columns))
        raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    checked = images.check_files(path.parent, image_table.list_names(path, frame[column]))
    _refuse_depth(checked, deep)
    notes = [*tables.as_notes(written), *_of_depth(checked, preparation)]
    if tables.is_read(path, written, reading, settings):
        return Seen({**tables.open_settings(written), "image": column}, notes)
    # The names of the files stand for themselves, wherever the table then is
    frame[column] = frame[column].map(lambda name: str(path.parent / str(name)))
    return Seen({"image": column}, notes, frame)


def check(path: Path, deep: bool) -> tuple[Checked, list[Note]]:
    """Refuse images that cannot be decoded, or shown to the model, and a folder without any.

    `deep` says whether it learned from more than 256 shades of grey. Returns what was found of
    them, and what of the folder is not read.
    """
    if path.is_file():
        folder, names, notes = path.parent, [path.name], []
    else:
        folder, found = path, sorted(path.rglob("[!.]*"))
        names = [one.relative_to(path).as_posix() for one in found if _is_read(one)]
        notes = list(_passed_over(path, found))
    if not names:
        raise ApprentiError("no_images_there", path=path)
    checked = images.check_files(folder, tuple(sorted(names)))
    _refuse_depth(checked, deep)
    return checked, notes


def _is_read(path: Path) -> bool:
    return is_image(path.name) and path.is_file()


def _passed_over(folder: Path, found: list[Path]) -> Iterator[Note]:
    """Yield what is told of images of other kinds, and of pipes and links that lead nowhere."""
    passed = [one for one in found if is_unread_image(one.name) or _is_special(one)]
    if passed:
        names = [shown(one.relative_to(folder).as_posix()) for one in passed[:NAMED]]
        examples = ", ".join(names) + ("…" if len(passed) > NAMED else "")
        yield Note("passed_over", {"count": len(passed), "path": folder, "examples": examples})


def _is_special(path: Path) -> bool:
    return is_image(path.name) and not path.is_file() and not path.is_dir()


def _refuse_depth(checked: Checked, deep: bool) -> None:
    """Refuse images of another depth than those of the training: their white is another number."""
    for name, header in zip(checked.names, checked.headers, strict=True):
        if header.deep != deep:
            key = "new_images_deep" if header.deep else "new_images_flat"
            raise ApprentiError(key, name=shown(name))


def _of_depth(checked: Checked, preparation: Mapping[str, Any]) -> Iterator[Note]:
    """Yield what tells that deep images may be in other units than those of the training."""
    if "darkest" not in preparation:
        return
    largest = max(header.lightest for header in checked.headers)
    white = float(preparation["darkest"]) + float(preparation["scale"])
    if not OTHER_DEPTH[1] * white <= largest <= OTHER_DEPTH[0] * white:
        yield Note("other_depth", {"largest": largest, "scale": white})
