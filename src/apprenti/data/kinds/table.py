"""A table as a script will read it: its columns, what each is for, and whether a run can use it.

A text table, a Parquet file, or one of the tables that scikit-learn brings. What was found out here
(delimiter, numbers with words among them, dates) is written into the script as settings.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.checksum import digest
from apprenti.data.kinds import as_written, files, image_table, large_table, needs
from apprenti.data.kinds.columns import (
    Columns,
    Roles,
    find_columns,
    find_roles,
    split_column,
    split_kind,
)
from apprenti.data.kinds.dialect import Asked
from apprenti.data.kinds.facts import Source, Table
from apprenti.data.kinds.files import Reading
from apprenti.data.kinds.split_by import split_settings
from apprenti.data.kinds.task import find_task
from apprenti.data.kinds.written import CATEGORY, Written
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

BUILT_IN = ("iris", "wine", "breast_cancer", "diabetes")

MOST_CLASSES = 1000

LARGEST = 1e18
"""Numbers to predict may not be larger: scripts compute with 32 bits, and square them."""


def as_source(
    data: DataSettings,
    path: Path | None,
    kept: Mapping[str, Written] | None = None,
    project: Path | None = None,
) -> Source:
    """Return a table as a source; rows without an answer do not count.

    `path` is None for a table of scikit-learn; `kept` is how its columns are written, as far as the
    `project` knows it already, which also keeps which images were decoded.
    """
    table = open_table(data, path, kept)
    source = Source(
        kind=table.kind,
        name=path.name if path else data.source,
        folder=path.parent if path else None,
        rows=table.rows,
        shape=(len(table.columns.inputs),),
        classes=table.classes,
        has_test_part=False,
        settings={**table.settings, "split_by": split_column(data, table.columns.target)},
        hashes={path.name: digest(path)} if path else {},
        task=table.task,
        split=split_kind(data),
        streamed=table.streamed,
        table=table,
        new_rows=table.new_rows,
    )
    if path and table.columns.image:
        return image_table.as_images(source, table, path, data, project)
    return source


def open_table(
    data: DataSettings, path: Path | None, kept: Mapping[str, Written] | None = None
) -> Table:
    """Read a table, whole or in pieces, and find out what its columns are for.

    `path` is None for a table of scikit-learn. Raises ApprentiError for what no run can use.
    """
    in_pieces = path is not None and files.kind_of(path) == "parquet_table"
    if path and in_pieces and large_table.is_large(path, data.streamed):
        table = _look_through(path, data, kept)
        # Words are counted and images opened over all rows: such a table is read whole
        if not (table.columns.text or table.columns.image):
            return table
    if path is None:
        reading, frame = Reading("built_in_table", {}), _built_in(data.source)
    else:
        reading = how_written(path, Asked(data.header, data.skip_rows, data.sheet))
        frame = read(path, reading, data.missing)
    roles = find_roles(frame, data, path.parent if path else None, _names_of_rows(frame))
    columns, read_as = find_columns(frame, roles, kept)
    if path and reading.kind == "csv_table":
        read_as, settings = as_written.as_the_script(path, frame, columns, reading.settings, data)
    else:
        settings = {**reading.settings, **as_written.conversions(frame, columns, data)}
        settings["categorical"] = _codes(frame, columns)
        read_as = as_written.tidied(read_as, settings)
    table = _table(read_as, columns, roles, data, reading.kind, settings)
    table.settings["column_needs"] = needs.of_columns(table.frame, columns)
    table = table._replace(remarks=reading.remarks)
    _check_numbers(table.frame, table.columns)
    return table


def _codes(frame: "pd.DataFrame", columns: Columns) -> tuple[str, ...]:
    """Return the columns of numbers that are names."""
    import pandas as pd

    names = (name for name, how in columns.written.items() if how.kind == CATEGORY)
    found = (name for name in names if name in columns.categories)
    return tuple(
        name
        for name in found
        if pd.api.types.is_numeric_dtype(frame[name]) or frame[name].dtype == object
    )


def _names_of_rows(frame: "pd.DataFrame") -> tuple[str, ...]:
    """Return the columns into which pandas writes the names of rows: none of the table's."""
    return tuple(name for name in frame if str(name).startswith("__index_level_"))


def _look_through(path: Path, data: DataSettings, kept: Mapping[str, Written] | None) -> Table:
    """Return a table of which a sample is kept, after a look at all its rows."""
    seen = large_table.look_through(path, data.target, MOST_CLASSES)
    roles = find_roles(seen.sample, data, path.parent, _names_of_rows(seen.sample))
    columns, read_as = find_columns(seen.sample, roles, kept)
    settings = as_written.conversions(seen.sample, columns, data, is_whole=False)
    settings["categorical"] = _codes(seen.sample, columns)
    read_as = as_written.tidied(read_as, settings)
    table = _table(read_as, columns, roles, data, "parquet_table", settings)
    for name in (*table.columns.numbers, table.columns.target):
        if count := seen.infinite.get(name):
            raise ApprentiError("infinite", name=name, count=count)
    classes = len(seen.answers) if table.classes else 0
    if classes > MOST_CLASSES:
        target = table.columns.target
        raise ApprentiError("too_many_answers", name=target, classes=classes, rows=seen.answered)
    share = len(seen.sample) / seen.rows
    table.settings["all_answered"] = seen.answered == seen.rows
    return table._replace(rows=seen.answered, classes=classes, share=share, streamed=True)


def _table(
    frame: "pd.DataFrame",
    columns: Columns,
    roles: Roles,
    data: DataSettings,
    kind: str,
    reading: Mapping[str, object],
) -> Table:
    """Return a table whose columns are sorted; the task is found out if need be."""
    task = data.task or find_task(frame[columns.target])
    _check_target(frame[columns.target], columns.target, task)
    settings = {
        **reading,
        **split_settings(frame, roles, columns),
        "target": columns.target,
        "ignore": columns.left_out,
        "texts": columns.texts,
        **({"text": columns.text} if columns.text else {}),
        **({"image": columns.image} if columns.image else {}),
    }
    answers = frame[columns.target].dropna()
    settings["all_answered"] = len(answers) == len(frame)
    classes = answers.nunique() if task == "classification" else 0
    new_rows = as_written.of_new_rows(columns, data)
    return Table(frame, kind, columns, task, settings, len(answers), classes, new_rows=new_rows)


# Reading


def how_written(path: Path, asked: Asked | None = None) -> Reading:
    """Return which block reads a file, the settings it needs, and what is skipped or mended."""
    return files.how_written(path, asked)


def read(path: Path, reading: Reading, missing: tuple[str, ...] = ()) -> "pd.DataFrame":
    """Read a table that is written this way (see `how_written`): of a text, the cells as they are.

    `missing` are words that say that a value is not known.
    """
    if reading.kind == "csv_table":
        return as_written.read(path, reading.settings, missing)
    return files.read(path, reading.kind, reading.settings)


def as_pandas_reads(path: Path, asked: Asked) -> tuple["pd.DataFrame", str]:
    """Return a text table as pandas reads it by itself, and its most frequent decimal mark."""
    reading = how_written(path, asked)
    return files.read(path, reading.kind, reading.settings), str(reading.settings["decimal"])


def _built_in(name: str) -> "pd.DataFrame":
    from sklearn import datasets

    bunch: Any = getattr(datasets, f"load_{name}")(as_frame=True)
    frame: pd.DataFrame = bunch.frame
    if "target_names" in bunch:
        frame["target"] = frame["target"].map(dict(enumerate(bunch.target_names)))
    return frame


# What no run can use


def _check_target(target: "pd.Series[Any]", name: str, task: str) -> None:
    import numpy as np
    import pandas as pd

    filled = target.dropna()
    if len(filled) < len(target) / 2:
        missing = 1 - len(filled) / max(1, len(target))
        raise ApprentiError("target_gaps", name=name, share=missing)
    counts = filled.value_counts()
    if len(counts) < 2:
        only = counts.index[0] if len(counts) else "-"
        raise ApprentiError("one_answer", target=name, name=only, rows=len(filled))
    if task == "regression":
        if not pd.api.types.is_numeric_dtype(filled):
            raise ApprentiError("target_words", name=name, example=filled.iloc[0])
        size = np.abs(filled.to_numpy(float))
        if not np.isfinite(size).all():
            raise ApprentiError("infinite", name=name, count=int((~np.isfinite(size)).sum()))
        if (count := int((size > LARGEST).sum())) > 0:
            values = {"count": count, "largest": size.max(), "limit": LARGEST}
            raise ApprentiError("answers_too_large", name=name, **values)
    elif len(counts) > min(MOST_CLASSES, len(filled) // 2):
        raise ApprentiError("too_many_answers", name=name, classes=len(counts), rows=len(filled))


def _check_numbers(frame: "pd.DataFrame", columns: Columns) -> None:
    import numpy as np

    for name in columns.numbers:
        infinite = np.isinf(frame[name].to_numpy(float, na_value=np.nan))
        if infinite.any():
            raise ApprentiError("infinite", name=name, count=int(infinite.sum()))
