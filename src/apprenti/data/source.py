"""The one door to data: a source, by what its path is, and is it sound?

Everything that could make a run fail because of its data is found out here, before a run exists.
Files from outside are read without ever running code.
"""

import os
from collections.abc import Mapping
from itertools import islice
from pathlib import Path
from types import MappingProxyType

from apprenti.data import kept
from apprenti.data.fetch import addresses, known
from apprenti.data.formats import ARRAYS
from apprenti.data.kinds import arrays, digits, idx, image_folder, table
from apprenti.data.kinds.as_before import differing
from apprenti.data.kinds.dialect import Asked
from apprenti.data.kinds.facts import Source, Table
from apprenti.data.kinds.files import has_images, is_table
from apprenti.data.kinds.images import LOOKED_AT
from apprenti.errors import ApprentiError, nearest
from apprenti.outside import check_ordinary, reading, real
from apprenti.project import FILE, DataSettings

BUILT_IN = (digits.NAME, *table.BUILT_IN)

OF_COLUMNS = (
    "target",
    "text",
    "image",
    "task",
    "ignore",
    "categorical",
    "missing",
    "unite",
    "sensitive",
    "group",
    "time",
    "header",
    "skip_rows",
    "sheet",
)
"""The settings that speak of columns with names."""


def open_source(
    data: DataSettings,
    project: Path,
    accept: bool = False,
    keep: bool = True,
    seen: Mapping[str, str] = MappingProxyType({}),
) -> Source:
    """Find and check what `data.source` names; relative paths start from the project.

    An address stands for the file that was downloaded from it: the network is not touched. How the
    columns of a table are read is kept in the project once it is found out (`apprenti.data.kept`);
    unless it is to `accept` that, a project of an earlier version is told what changes. Without
    `keep` nothing is written: a project that is being made is not there yet. `seen` has the sha256
    of files of a known set that were compared with its checksums before.

    Raises ApprentiError for anything a run could not be made from.
    """
    path = project / os.path.expanduser(data.source)
    with reading(path, "data_unusable"):
        source = _open(data, path, project, seen)
        if source.table and source.task == "classification":
            _refuse_answers(source.table)
    if data.skip_images and source.kind != "image_folder":
        raise ApprentiError("skip_elsewhere", source=data.source)
    if data.streamed and not source.streamed:
        raise ApprentiError("not_streamed", source=data.source)
    if keep and source.table and (project / FILE).is_file():
        if not accept:
            _check_reading(source, source.table, project, data)
        kept.keep(project, source.table.columns.written, data.source)
    return source


def locate(source: str, project: Path) -> Path:
    """Return the file or folder that a project's `data.source` names, without opening it.

    Raises ApprentiError where it is not there.
    """
    path = project / os.path.expanduser(source)
    if addresses.is_address(source):
        path = addresses.local(source, project)
    return real(_find(source, path, project))


def locate_given(source: str) -> None:
    """Refuse a path, from where the user stands, at which there is nothing."""
    path = Path(os.path.expanduser(source))
    if not os.path.exists(path):
        raise ApprentiError("given_missing", path=path, nearest=_neighbours(path))


def _check_reading(source: Source, found: Table, project: Path, data: DataSettings) -> None:
    """Raise an error where runs are there whose version read some columns otherwise."""
    if (project / kept.FILE).exists() or source.kind != "csv_table":
        return
    if not any((project / "runs").glob("*/train.py")):
        return
    asked = Asked(data.header, data.skip_rows, data.sheet)
    frame, decimal = table.as_pandas_reads(source.path, asked)
    before = [f"{name} ({kind})" for name, kind in differing(frame, found.columns, decimal)]
    if before:
        raise ApprentiError("reading_changed", columns=", ".join(before))


def _open(data: DataSettings, path: Path, project: Path, seen: Mapping[str, str]) -> Source:
    if addresses.is_address(data.source):
        path = addresses.local(data.source, project)
    if data.source in table.BUILT_IN and not path.exists():
        return table.as_source(data, None, kept.read(project))
    if data.source == digits.NAME:
        _refuse_columns(data)
        return digits.open_digits()
    path = real(_find(data.source, path, project, seen))
    if not path.is_dir():
        check_ordinary(path)
        if is_table(path):
            return table.as_source(data, path, kept.read(project), project)
    _refuse_columns(data)
    if path.is_dir() and image_folder.is_image_folder(path):
        _refuse_unwritable_names(path)
        return image_folder.open_folder(path, data, project)
    if path.is_dir():
        return idx.open_folder(path)
    if path.suffix == ARRAYS:
        return arrays.open_file(path)
    raise ApprentiError("zip_of_images" if has_images(path) else "source_unknown", path=path)


def _refuse_answers(table: Table) -> None:
    """Refuse classes that are neither words nor numbers nor yes and no: no file could name them."""
    target = table.columns.target
    for answer in table.frame[target].dropna().unique().tolist():
        if not isinstance(answer, str | bool | int | float):
            kind = type(answer).__name__
            raise ApprentiError("answers_unusable", name=target, kind=kind, example=answer)


def _refuse_unwritable_names(folder: Path) -> None:
    """Refuse names that are no text: no table of results could have them."""
    for entry in islice(folder.rglob("*"), LOOKED_AT):
        try:
            entry.name.encode()
        except UnicodeEncodeError:
            raise ApprentiError("name_not_text", path=folder, name=entry.name) from None


def _refuse_columns(data: DataSettings) -> None:
    given = [name for name in OF_COLUMNS if getattr(data, name) not in (None, (), {})]
    if given:
        settings = ", ".join(given)
        raise ApprentiError("not_for_this_source", settings=settings, source=data.source)


def _find(
    source: str, path: Path, project: Path, seen: Mapping[str, str] = MappingProxyType({})
) -> Path:
    """Return the path of what is there: in the project, or a known set wherever it lies."""
    if source in known.KNOWN and not path.exists():
        found = known.on_disk(source, project)
        if found is None:
            megabytes = known.KNOWN[source].megabytes
            raise ApprentiError("set_missing", name=source, megabytes=megabytes)
        path = found
    if not path.exists():
        raise ApprentiError("source_missing", path=path, nearest=_neighbours(path))
    if source in known.KNOWN:
        known.verify(source, path, seen)
    return path


def _neighbours(path: Path) -> str:
    names = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return nearest(path.name, [*names, *BUILT_IN, *known.KNOWN])


__all__ = ["BUILT_IN", "Source", "Table", "locate", "locate_given", "open_source"]
