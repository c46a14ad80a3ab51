"""New images for a model that learned from files: one, those of a folder, those of a table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from apprenti.data.formats import is_image, is_table
from apprenti.data.kinds import image_table, images, table
from apprenti.data.kinds.columns import find_image_column
from apprenti.errors import ApprentiError, nearest
from apprenti.predict.notes import Seen
from apprenti.project import DataSettings


def look(path: Path, settings: Mapping[str, Any]) -> Seen:
    """Refuse images that cannot be opened, and say how those that a table names are found."""
    if not is_table(path):
        check(path)
        return Seen({})
    _, written = table.how_written(path)
    frame = table.read(path, written)
    named = DataSettings(source=path.name, image=settings.get("image"))
    column = find_image_column(frame, named, path.parent)
    if column not in frame.columns:
        name = column or settings.get("image", "image")
        near = nearest(name, map(str, frame.columns))
        raise ApprentiError("column_missing", name=name, path=path, nearest=near)
    images.check_files(path.parent, image_table.list_names(path, frame[column]))
    return Seen({**written, "image": column})


def check(path: Path) -> None:
    """Refuse images that cannot be opened, and a folder without any."""
    if path.is_file():
        images.check_files(path.parent, (path.name,))
        return
    names = [p.relative_to(path).as_posix() for p in path.rglob("[!.]*") if is_image(p.name)]
    if not names:
        raise ApprentiError("no_images_there", path=path)
    images.check_files(path, tuple(sorted(names)))
