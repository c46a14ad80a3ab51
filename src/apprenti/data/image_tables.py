"""A table of images: one column names their files, another is the answer.

Found out by what is there: names that end like those of images, of files that exist. They are
written from the folder of the table, and every file must lie below it.
"""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data import images
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

LOOKED_AT = 1000
"""So many cells of a column are looked at to tell whether it names images."""


def find_column(frame: "pd.DataFrame", data: DataSettings, folder: Path) -> str | None:
    """Return the column that names files of images, if there is one.

    At least half of its cells end like images, and one of the files is there, or lies further
    below; where the column is the only input, its names alone decide.
    """
    if data.image:
        return data.image
    set_aside = (data.target, data.text, data.group, data.time, *data.ignore, *data.sensitive)
    inputs = [name for name in frame.columns if name not in set_aside]
    for name in inputs:
        cells = frame[name].dropna().iloc[:LOOKED_AT]
        names = [cell for cell in cells if isinstance(cell, str) and images.is_image(cell)]
        if not names or len(names) < len(cells) / 2 or data.text:
            continue
        there = any(is_there(folder, one) for one in names) or bool(below(folder, names[0]))
        if there or len(inputs) == 1:
            return str(name)
    return None


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
            raise ApprentiError("image_name_outside", path=path, name=images.shown(name))
    missing = [name for name in dict.fromkeys(names) if not is_there(folder, name)]
    if missing:
        values = {"first": images.shown(missing[0]), "nearest": below(folder, missing[0]) or "-"}
        raise ApprentiError(
            "image_files_missing", path=path, column=column.name, count=len(missing), **values
        )
    return tuple(names)


def is_there(folder: Path, name: str) -> bool:
    return "\0" not in name and (folder / name).exists()


def below(folder: Path, name: str) -> str:
    """Return the path of a file of this name somewhere below a folder, or an empty text."""
    wanted = Path(name.replace("\\", "/")).name
    entries = islice(folder.rglob("[!.]*"), images.LOOKED_AT)
    found = (entry for entry in entries if entry.name == wanted)
    return next((entry.relative_to(folder).as_posix() for entry in found), "")
