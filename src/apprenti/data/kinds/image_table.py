"""A table of images: one column names their files, another is the answer.

Names are written from the folder of the table, and every file must lie below it.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.formats import shown
from apprenti.data.kinds import images, memory
from apprenti.data.kinds.facts import Source, Table
from apprenti.data.kinds.images import below, is_there
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd


def as_images(source: Source, table: Table, path: Path, data: DataSettings) -> Source:
    """Return a table that names files of images as a source of images."""
    column = table.frame[str(table.columns.image)][table.frame[table.columns.target].notna()]
    names = list_names(path, column)
    checked = images.check_files(path.parent, names)
    shape, settings = images.one_size(checked, data)
    return source._replace(
        shape=shape,
        settings={**source.settings, **settings},
        streamed=memory.are_streamed(len(names), shape, data),
        hashes={**source.hashes, f"{path.name}: {table.columns.image}": checked.digest},
        contents=checked.contents,
    )


def list_names(path: Path, column: "pd.Series[Any]") -> tuple[str, ...]:
    """Return the names in a column of a table, in its order, each of a file below its folder.

    Raises ApprentiError for cells without a name, paths that lead outside, files that are missing.
    """
    names = ["" if gap else str(name) for name, gap in zip(column, column.isna(), strict=True)]
    empty = [row for row, name in zip(column.index, names, strict=True) if not name.strip()]
    if empty:
        raise ApprentiError(
            "image_names_empty", path=path, name=column.name, count=len(empty), first=empty[0]
        )
    folder = path.parent.resolve()
    for name in names:
        if "\0" not in name and not (folder / name).resolve().is_relative_to(folder):
            raise ApprentiError("image_name_outside", path=path, name=shown(name))
    missing = [name for name in dict.fromkeys(names) if not is_there(folder, name)]
    if missing:
        values = {"first": shown(missing[0]), "nearest": below(folder, missing[0]) or "-"}
        raise ApprentiError(
            "image_files_missing", path=path, column=column.name, count=len(missing), **values
        )
    return tuple(names)
