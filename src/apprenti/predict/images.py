"""New images for a model that learned from files: one, those of a folder, those of a table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti.data.formats import is_image
from apprenti.data.kinds import image_table, images, table
from apprenti.data.kinds.columns import find_image_column
from apprenti.data.kinds.files import is_table
from apprenti.errors import ApprentiError, nearest
from apprenti.predict import tables
from apprenti.predict.notes import Seen
from apprenti.project import DataSettings


def look(path: Path, reading: str, settings: Mapping[str, Any]) -> Seen:
    """Refuse images that cannot be opened, and say how those that a table names are found."""
    if path.is_dir() or not is_table(path):
        check(path)
        return Seen({})
    written = tables.how_written(path, settings)
    frame = table.read(path, written)
    named = DataSettings(source=path.name, image=settings.get("image"))
    column = find_image_column(frame, named, path.parent)
    if column not in frame.columns:
        name = column or settings.get("image", "image")
        near = nearest(name, map(str, frame.columns))
        raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    images.check_files(path.parent, image_table.list_names(path, frame[column]))
    if tables.is_read(path, written, reading, settings):
        found = {**tables.open_settings(written), "image": column}
        return Seen(found, tables.as_notes(written))
    # The names of the files stand for themselves, wherever the table then is
    names = frame[column].map(lambda name: str(path.parent / str(name)))
    frame[column] = names
    return Seen({"image": column}, tables.as_notes(written), frame)


def check(path: Path) -> None:
    """Refuse images that cannot be opened, and a folder without any."""
    if path.is_file():
        images.check_files(path.parent, (path.name,))
        return
    names = [p.relative_to(path).as_posix() for p in path.rglob("[!.]*") if is_image(p.name)]
    if not names:
        raise ApprentiError("no_images_there", path=path)
    images.check_files(path, tuple(sorted(names)))
