"""A table as a script will read it: its columns, what each is for, and whether a run can use it.

A text table, a Parquet file, or one of the tables that scikit-learn brings. What was found out here
(delimiter, numbers with words among them, dates) is written into the script as settings.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from apprenti.data import dialect, image_tables, pieces
from apprenti.errors import ApprentiError, nearest
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

BUILT_IN = ("iris", "wine", "breast_cancer", "diabetes")
TEXT_ENDINGS = (".csv", ".tsv", ".txt")
ENDINGS = (*TEXT_ENDINGS, ".parquet")

MOSTLY = 0.9
"""A column is one of numbers, or of dates, if at least this share of what is filled in is one."""

DATE_FORMATS = (
    "ISO8601",
    "%d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m/%d/%Y",
    "%m/%d/%Y %H:%M",
)
"""How dates are written; where day and month cannot be told apart the day comes first."""

FEW_VALUES = 20
"""Whole numbers that take no more values than this are classes, unless `task` says otherwise."""

MOST_CLASSES = 1000

TEXT_LENGTH, TEXT_WORDS = 30, 3
"""Of so many signs, or words, on average, are the cells of a column of texts at least."""


PLAIN = {"encoding": "utf-8", "delimiter": ",", "decimal": "."}
"""What pandas expects of a text table unless it is told otherwise."""


class Columns(NamedTuple):
    """What each column is for; a column is in one of these only."""

    target: str
    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    dates: tuple[tuple[str, str], ...]
    """Names and formats."""
    left_out: tuple[str, ...]
    """Ignored, sensitive, the group or the time of the split: seen by no model."""
    mixed: tuple[str, ...]
    """Those of `numbers` in which words stand too; the words count as missing."""
    text: str | None = None
    """The column of texts; where there is one it is the only input."""
    image: str | None = None
    """The column of the names of image files; where there is one it is the only input."""

    @property
    def inputs(self) -> tuple[str, ...]:
        if self.text or self.image:
            return (self.text or self.image or "",)
        return (*self.numbers, *self.categories, *(name for name, _ in self.dates))


class Table(NamedTuple):
    """A table in memory, and what is known of it."""

    frame: "pd.DataFrame"
    """As the script reads it, columns of `mixed` turned into numbers and dates into dates; rows
    without an answer are still there."""
    kind: str
    """Which block reads it: csv_table, parquet_table or built_in_table."""
    columns: Columns
    task: str
    """classification or regression."""
    settings: dict[str, object]
    """What the script must know to read it."""
    rows: int
    """Those of the file that have an answer."""
    classes: int
    """How many different answers there are; 0 for a regression."""
    share: float = 1.0
    """The share of the file's rows that are in `frame`; below 1 it is a sample."""
    streamed: bool = False
    """Whether networks read it in pieces."""

    @property
    def converted(self) -> bool:
        """Whether some columns are not in the file what they are for a model."""
        return any(self.settings[name] for name in ("categorical", "dates", "numbers"))


def is_table(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS


def open_table(data: DataSettings, path: Path | None) -> Table:
    """Read a table, whole or in pieces, and find out what its columns are for.

    `path` is None for a table of scikit-learn. Raises ApprentiError for what no run can use.
    """
    in_pieces = path is not None and path.suffix.lower() == ".parquet"
    if path and in_pieces and pieces.is_large(path, data.streamed):
        table = _look_through(path, data)
        # Words are counted and images opened over all rows: such a table is read whole
        if not (table.columns.text or table.columns.image):
            return table
    reading: dict[str, object]
    if path is None:
        kind, frame, reading = "built_in_table", _built_in(data.source), {}
        target = data.target or "target"
        data = data.model_copy(update={"target": target, "image": None})
    else:
        kind, reading = how_written(path)
        frame = read(path, reading)
        data = _with_images(data, frame, path)
    table = _table(data, kind, frame, reading)
    _check_numbers(table.frame, table.columns)
    return table


def _look_through(path: Path, data: DataSettings) -> Table:
    """Return a table of which a sample is kept, after a look at all its rows."""
    seen = pieces.look_through(path, data.target, MOST_CLASSES)
    # The names of rows, which pandas writes as a column, are no column of the table
    names = tuple(name for name in seen.sample if str(name).startswith("__index_level_"))
    data = data.model_copy(update={"ignore": (*data.ignore, *names)})
    table = _table(_with_images(data, seen.sample, path), "parquet_table", seen.sample, {})
    for name in (*table.columns.numbers, table.columns.target):
        if count := seen.infinite.get(name):
            raise ApprentiError("infinite", name=name, count=count)
    classes = len(seen.answers) if table.classes else 0
    if classes > MOST_CLASSES:
        target = table.columns.target
        raise ApprentiError("too_many_answers", name=target, classes=classes, rows=seen.answered)
    share = len(seen.sample) / seen.rows
    return table._replace(rows=seen.answered, classes=classes, share=share, streamed=True)


def _with_images(data: DataSettings, frame: "pd.DataFrame", path: Path) -> DataSettings:
    """Return the settings with the column that names files of images, if there is one."""
    image = image_tables.find_column(frame, data, path.parent)
    return data.model_copy(update={"image": image})


def _table(
    data: DataSettings, kind: str, frame: "pd.DataFrame", reading: dict[str, object]
) -> Table:
    columns, frame = find_columns(frame, data, str(reading.get("decimal", ".")))
    task = data.task or _task(frame[columns.target])
    _check_target(frame[columns.target], columns.target, task)
    if data.time and (gaps := int(frame[data.time].isna().sum())):
        raise ApprentiError("time_gaps", name=data.time, count=gaps)
    settings = {
        **reading,
        "target": columns.target,
        "ignore": columns.left_out,
        "categorical": tuple(name for name in data.categorical if name in columns.categories),
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
    return "csv_table" if written == PLAIN else "csv_dialect_table", written


def read(path: Path, written: Mapping[str, object]) -> "pd.DataFrame":
    """Read a table that is written this way (see `how_written`)."""
    return _csv(path, written) if written else _parquet(path)


def _csv(path: Path, written: Mapping[str, object]) -> "pd.DataFrame":
    import pandas as pd

    how: dict[str, Any] = dict(written)
    pieces.check_text(path)
    try:
        return pd.read_csv(path, **how)
    except (ValueError, MemoryError) as error:
        raise ApprentiError("not_a_table", path=path, reason=error) from None


def _parquet(path: Path) -> "pd.DataFrame":
    import pandas as pd
    import pyarrow

    try:
        return pd.read_parquet(path)
    except (ValueError, OSError, MemoryError, pyarrow.ArrowException) as error:
        raise ApprentiError("damaged_parquet", path=path, reason=error) from None


def _built_in(name: str) -> "pd.DataFrame":
    from sklearn import datasets

    bunch: Any = getattr(datasets, f"load_{name}")(as_frame=True)
    frame: pd.DataFrame = bunch.frame
    if "target_names" in bunch:
        frame["target"] = frame["target"].map(dict(enumerate(bunch.target_names)))
    return frame


# What a column is for


def find_columns(
    frame: "pd.DataFrame", data: DataSettings, decimal: str = "."
) -> tuple[Columns, "pd.DataFrame"]:
    """Sort the columns by what they are for; return them, and the table with its values so.

    A column of texts, named by `data.text` or found to be the only input, is learned from alone,
    and so is one of images: all others are left out.
    """
    set_aside = [*data.ignore, *data.sensitive, data.group, data.time]
    for name in (*set_aside, *data.categorical, data.text, data.image, data.target):
        if name and name not in frame.columns:
            near = nearest(name, map(str, frame.columns))
            raise ApprentiError("no_column", name=name, nearest=near)
    if not data.target:
        raise ApprentiError("target_missing", columns=", ".join(map(str, frame.columns)))
    rest = [name for name in frame.columns if name != data.target and name not in set_aside]
    text = data.text or (None if data.image else _only_texts(frame[rest], data))
    if only := text or data.image:
        left_out = tuple(name for name in frame.columns if name not in (data.target, only))
        if only not in rest:
            raise ApprentiError("no_inputs", target=data.target)
        image = None if text else only
        return Columns(data.target, (), (), (), left_out, (), text, image), frame
    frame = frame.copy(deep=False)
    columns = Columns(
        target=data.target,
        **_sort(frame, rest, data.categorical, decimal),
        left_out=tuple(name for name in frame.columns if name in set_aside),
    )
    if not columns.inputs:
        raise ApprentiError("no_inputs", target=data.target)
    return columns, frame


def _sort(
    frame: "pd.DataFrame", names: list[str], categorical: tuple[str, ...], decimal: str
) -> dict[str, Any]:
    """Return which of these columns hold what, and put numbers and dates into the table as such."""
    import pandas as pd

    numbers, categories, dates, mixed = [], [], [], []
    for name in names:
        column = frame[name]
        if name in categorical or pd.api.types.is_bool_dtype(column):
            categories.append(name)
        elif pd.api.types.is_numeric_dtype(column):
            numbers.append(name)
        elif pd.api.types.is_datetime64_any_dtype(column):
            dates.append((name, "ISO8601"))
        elif (values := as_numbers(column, decimal)) is not None:
            frame[name] = values
            numbers.append(name)
            mixed.append(name)
        elif (written := date_format(column)) is not None:
            frame[name] = pd.to_datetime(column, format=written, errors="coerce", utc=True)
            dates.append((name, written))
        else:
            categories.append(name)
    return {
        "numbers": tuple(numbers),
        "categories": tuple(categories),
        "dates": tuple(dates),
        "mixed": tuple(mixed),
    }


def _only_texts(inputs: "pd.DataFrame", data: DataSettings) -> str | None:
    """Return the name of the only input if it holds texts: several words, rarely the same."""
    import pandas as pd

    if len(inputs.columns) != 1 or inputs.columns[0] in data.categorical:
        return None
    column = inputs.iloc[:, 0].dropna()
    if not len(column) or not pd.api.types.is_string_dtype(column) or date_format(column):
        return None
    texts = column.iloc[:1000].astype(str)
    long = texts.str.len().mean() >= TEXT_LENGTH or texts.str.split().str.len().mean() >= TEXT_WORDS
    lettered = texts.str.contains(r"[^\W\d_]").mean() >= MOSTLY
    return str(column.name) if long and lettered and texts.nunique() >= len(texts) / 2 else None


def as_numbers(column: "pd.Series[Any]", decimal: str = ".") -> "pd.Series[Any] | None":
    """Return a column of words as numbers (words become gaps), or None if it is none of numbers."""
    import pandas as pd

    texts = column.astype(str).str.replace(decimal, ".", regex=False)
    values = pd.to_numeric(texts, errors="coerce").astype(float)
    filled = column.notna().sum()
    return values if filled and values.notna().sum() >= MOSTLY * filled else None


def date_format(column: "pd.Series[Any]") -> str | None:
    """Return how the dates of a column are written, or None if it is none of dates."""
    import pandas as pd

    filled = column.dropna()
    sample = filled.iloc[:1000].astype(str)
    if (
        not len(sample)
        or not sample.str.contains(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}").mean() >= MOSTLY
    ):
        return None
    for written in DATE_FORMATS:
        if (
            pd.to_datetime(sample, format=written, errors="coerce", utc=True).notna().mean()
            < MOSTLY
        ):
            continue
        dates = pd.to_datetime(filled.astype(str), format=written, errors="coerce", utc=True)
        if dates.notna().mean() >= MOSTLY:
            return written
    return None


def _task(target: "pd.Series[Any]") -> str:
    """Numbers are to be estimated (regression) unless they are whole and few; words are classes."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(target) or not pd.api.types.is_numeric_dtype(target):
        return "classification"
    values = target.dropna().unique()
    whole = all(float(value).is_integer() for value in values[: FEW_VALUES + 1])
    return "classification" if whole and len(values) <= FEW_VALUES else "regression"


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
