"""A table as a script will read it: its columns, what each is for, and whether a run can use it.

A text table, a Parquet file, or one of the tables that scikit-learn brings. What was found out here
(delimiter, numbers with words among them, dates) is written into the script as settings.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.checksum import digest
from apprenti.data.kinds import dialect, image_table, large_table, memory, parquet
from apprenti.data.kinds.columns import (
    Columns,
    Roles,
    find_columns,
    find_roles,
    split_column,
    split_kind,
)
from apprenti.data.kinds.facts import Source, Table
from apprenti.data.kinds.task import find_task
from apprenti.errors import ApprentiError
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

BUILT_IN = ("iris", "wine", "breast_cancer", "diabetes")

MOST_CLASSES = 1000

PLAIN = {"encoding": "utf-8", "delimiter": ",", "decimal": "."}
"""What pandas expects of a text table unless it is told otherwise."""


def as_source(data: DataSettings, path: Path | None) -> Source:
    """Return a table as a source; rows without an answer do not count.

    `path` is None for a table of scikit-learn.
    """
    table = open_table(data, path)
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
    )
    if path and table.columns.image:
        return image_table.as_images(source, table, path, data)
    return source


def open_table(data: DataSettings, path: Path | None) -> Table:
    """Read a table, whole or in pieces, and find out what its columns are for.

    `path` is None for a table of scikit-learn. Raises ApprentiError for what no run can use.
    """
    in_pieces = path is not None and path.suffix.lower() == ".parquet"
    if path and in_pieces and large_table.is_large(path, data.streamed):
        table = _look_through(path, data)
        # Words are counted and images opened over all rows: such a table is read whole
        if not (table.columns.text or table.columns.image):
            return table
    reading: Mapping[str, object]
    if path is None:
        kind, reading, frame = "built_in_table", {}, _built_in(data.source)
    else:
        kind, reading = how_written(path)
        frame = read(path, reading)
    roles = find_roles(frame, data, path.parent if path else None, _names_of_rows(frame))
    table = _table(frame, roles, data.task, kind, reading)
    _check_numbers(table.frame, table.columns)
    return table


def _names_of_rows(frame: "pd.DataFrame") -> tuple[str, ...]:
    """Return the columns into which pandas writes the names of rows: none of the table's."""
    return tuple(name for name in frame if str(name).startswith("__index_level_"))


def _look_through(path: Path, data: DataSettings) -> Table:
    """Return a table of which a sample is kept, after a look at all its rows."""
    seen = large_table.look_through(path, data.target, MOST_CLASSES)
    roles = find_roles(seen.sample, data, path.parent, _names_of_rows(seen.sample))
    table = _table(seen.sample, roles, data.task, "parquet_table", {})
    for name in (*table.columns.numbers, table.columns.target):
        if count := seen.infinite.get(name):
            raise ApprentiError("infinite", name=name, count=count)
    classes = len(seen.answers) if table.classes else 0
    if classes > MOST_CLASSES:
        target = table.columns.target
        raise ApprentiError("too_many_answers", name=target, classes=classes, rows=seen.answered)
    share = len(seen.sample) / seen.rows
    return table._replace(rows=seen.answered, classes=classes, share=share, streamed=True)


def _table(
    frame: "pd.DataFrame",
    roles: Roles,
    task: str | None,
    kind: str,
    reading: Mapping[str, object],
) -> Table:
    """Return a table whose columns are sorted; `task` is found out from the answers if need be."""
    columns, frame = find_columns(frame, roles, str(reading.get("decimal", ".")))
    task = task or find_task(frame[columns.target])
    _check_target(frame[columns.target], columns.target, task)
    if roles.time and (gaps := int(frame[roles.time].isna().sum())):
        raise ApprentiError("time_gaps", name=roles.time, count=gaps)
    settings = {
        **reading,
        "target": columns.target,
        "ignore": columns.left_out,
        "categorical": tuple(name for name in roles.categorical if name in columns.categories),
        "dates": columns.dates,
        "numbers": columns.mixed,
        **({"text": columns.text} if columns.text else {}),
        **({"image": columns.image} if columns.image else {}),
    }
    answers = frame[columns.target].dropna()
    classes = answers.nunique() if task == "classification" else 0
    return Table(frame, kind, columns, task, settings, len(answers), classes)


# Reading


def how_written(path: Path) -> tuple[str, dict[str, object]]:
    """Return which block reads a file, and the settings that it needs to do so."""
    if path.suffix.lower() == ".parquet":
        return "parquet_table", {}
    written = dialect.find_out(path)[0]._asdict()
    return "csv_table", written


def read(path: Path, written: Mapping[str, object]) -> "pd.DataFrame":
    """Read a table that is written this way (see `how_written`)."""
    return _csv(path, written) if written else parquet.read(path)


def _csv(path: Path, written: Mapping[str, object]) -> "pd.DataFrame":
    import pandas as pd

    how: dict[str, Any] = dict(written)
    memory.check_text(path)
    try:
        return pd.read_csv(path, **how)
    except (ValueError, MemoryError) as error:
        raise ApprentiError("not_a_table", path=path, reason=error) from None


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
        if not np.isfinite(filled.to_numpy(float)).all():
            raise ApprentiError("infinite", name=name, count=int((~np.isfinite(filled)).sum()))
    elif len(counts) > min(MOST_CLASSES, len(filled) // 2):
        raise ApprentiError("too_many_answers", name=name, classes=len(counts), rows=len(filled))


def _check_numbers(frame: "pd.DataFrame", columns: Columns) -> None:
    import numpy as np

    for name in columns.numbers:
        infinite = np.isinf(frame[name].to_numpy(float, na_value=np.nan))
        if infinite.any():
            raise ApprentiError("infinite", name=name, count=int(infinite.sum()))
