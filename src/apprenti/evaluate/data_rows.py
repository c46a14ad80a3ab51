"""What stands in the rows of the data that a run was checked with: columns, a text or an image."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.errors import ApprentiError
from apprenti.evaluate.parts import TEST, VALIDATION, Part
from apprenti.evaluate.run_data import data_settings, open_data
from apprenti.runs import Run

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from apprenti.data.source import Source, Table

    Array = np.ndarray[Any, Any]


class DataRow(NamedTuple):
    """One row of the data, as a person can look at it; what it is not, it has not."""

    columns: Mapping[str, Any] = {}
    """The inputs by their names; None where a value is missing."""
    text: str | None = None
    image: "Path | Array | None" = None
    """A file, or its points."""


class DataRows(NamedTuple):
    """Rows by the names that they have in predictions.csv."""

    rows: Mapping[str, DataRow]
    why_not: str = ""
    """Why there is none, where the data are gone or are no longer those of the run."""


def look_up(run: Run, names: Sequence[str], part: Part = VALIDATION) -> DataRows:
    """Return the rows of these names, from the data that the project of the run has now.

    Of the test part of data that bring one of their own, names are places in that.
    """
    folder = run.folder.parent.parent
    try:
        images = _files(folder / os.path.expanduser(data_settings(run).source), names)
        return DataRows(images or _found(_of_part(open_data(run), part), names))
    except ApprentiError as error:
        return DataRows({}, error.parts()[0])


class Columns(NamedTuple):
    """The columns of a table beside what a run predicts, for its rows by their names."""

    frame: "pd.DataFrame | None"
    """Its index has the names of those rows that the data have; None where it is no table."""
    text: str | None = None
    """The column of texts that is learned from alone, if there is one."""
    why_not: str = ""
    """Why there is none, where the data are gone or are no longer those of the run."""


def columns_of(run: Run, names: Sequence[str]) -> Columns:
    """Return all columns but the target of the rows of these names.

    Of a table that is too large for the memory only the rows of its sample are found.
    """
    folder = run.folder.parent.parent
    try:
        if (folder / os.path.expanduser(data_settings(run).source)).is_dir():
            return Columns(None)
        table = open_data(run).table
    except ApprentiError as error:
        return Columns(None, why_not=error.parts()[0])
    if table is None or table.columns.image:
        return Columns(None)
    frame = table.frame.drop(columns=[table.columns.target])
    frame.index = frame.index.astype(str)
    return Columns(frame.loc[frame.index.intersection(list(names))], table.columns.text)


def _files(folder: Path, names: Sequence[str]) -> dict[str, DataRow]:
    """Return the images of these names in a folder; nothing where rows are no files of it."""
    if not folder.is_dir():
        return {}
    inside, paths = folder.resolve(), {name: folder / name for name in names}
    # Whatever the table of a run says, nothing outside is opened
    return {
        name: DataRow(image=path)
        for name, path in paths.items()
        if path.is_file() and path.resolve().is_relative_to(inside)
    }


def _found(source: "Source", names: Sequence[str]) -> dict[str, DataRow]:
    from apprenti.data.describe.examples import are_images
    from apprenti.data.kinds.rows import read_inputs

    if source.table and source.table.columns.image:
        return _files(source.path.parent, names)
    if source.table:
        return _of_table(source.table, names)
    if not are_images(source.shape) or source.contents:
        return {}
    inputs = read_inputs(source)
    places = {name: int(name) for name in names if name.isdecimal() and int(name) < len(inputs)}
    return {name: DataRow(image=inputs[place]) for name, place in places.items()}


def _of_part(source: "Source", part: Part) -> "Source":
    """Return data whose rows are those of their own test part, where that is what is asked for."""
    files, arrays = (source.settings.get(name) for name in ("test_files", "test_arrays"))
    if part == TEST and files:
        return source._replace(settings={**source.settings, "files": files})
    if part == TEST and arrays:
        named = {"inputs_array": arrays[0], "labels_array": arrays[1]}
        return source._replace(settings={**source.settings, **named})
    return source


def _of_table(table: "Table", names: Sequence[str]) -> dict[str, DataRow]:
    places = {str(place): place for place in table.frame.index}
    there = {name: table.frame.loc[places[name]] for name in names if name in places}
    if table.columns.text:
        return {n: DataRow(text=str(line[table.columns.text])) for n, line in there.items()}
    shown = [name for name in table.frame.columns if name in table.columns.inputs]
    return {
        name: DataRow({column: _plain(line[column]) for column in shown})
        for name, line in there.items()
    }


def _plain(value: Any) -> Any:
    """Return a cell as JSON can write it."""
    import pandas as pd

    if pd.isna(value):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat(sep=" ")).removesuffix(" 00:00:00")
    return value.item() if hasattr(value, "item") else value
