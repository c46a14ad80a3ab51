"""A text table as its cells are written, and the settings with which a script reads it so."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import files, memory, moments, needs
from apprenti.data.kinds.columns import Columns
from apprenti.data.kinds.numerals import style_of
from apprenti.data.kinds.since_1970 import SINCE_1970
from apprenti.data.kinds.values import as_read
from apprenti.data.kinds.written import CATEGORY, DATE, MISSING, NUMBER, TIME, Written
from apprenti.project import DataSettings

if TYPE_CHECKING:
    import pandas as pd

PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst")
"""Endings of files that the fast reader leaves to the other one."""


def read(path: Path, reading: Mapping[str, Any], missing: Iterable[str]) -> "pd.DataFrame":
    """Return every cell as it is written; an empty one is a gap, and so are the words `missing`."""
    gaps = ["", *missing]
    is_usual = set(reading) <= {"encoding", "delimiter", "decimal"}
    if is_usual and path.suffix.lower() not in PACKED:
        memory.check_text(path)
        frame = _by_arrow(path, reading, gaps)
        if frame is not None:
            return frame
    names = tuple(_script_reads(path, reading).columns)
    every = {"as_text": True, "words": names, "missing": tuple(missing)}
    return _script_reads(path, {**reading, **every})


def _by_arrow(path: Path, reading: Mapping[str, Any], gaps: list[str]) -> "pd.DataFrame | None":
    """Return the cells of a regular table, ten times as fast; None where it is none."""
    import pandas as pd
    import pyarrow as pa
    from pyarrow import csv

    encoding = str(reading["encoding"])
    try:
        names = pd.read_csv(path, sep=reading["delimiter"], encoding=encoding, nrows=0).columns
        table = csv.read_csv(
            path,
            csv.ReadOptions(
                encoding=encoding, use_threads=True, column_names=[*names], skip_rows=1
            ),
            csv.ParseOptions(delimiter=reading["delimiter"], newlines_in_values=True),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=gaps,
                strings_can_be_null=True,
            ),
        )
    except (pa.ArrowException, ValueError, UnicodeError):
        return None
    return table.to_pandas(types_mapper={pa.string(): pd.StringDtype(na_value=float("nan"))}.get)


def _script_reads(path: Path, settings: Mapping[str, Any]) -> "pd.DataFrame":
    """Read a table by the very function that a script reads it by."""
    return files.read(path, "csv_table", settings)


def as_the_script(
    path: Path,
    raw: "pd.DataFrame",
    columns: Columns,
    reading: Mapping[str, Any],
    data: DataSettings,
) -> tuple["pd.DataFrame", dict[str, Any]]:
    """Return a text table as the script will read it, and the settings for that.

    `raw` has its cells as they are written, `reading` is how the file is.
    """
    words = tuple(name for name, how in columns.written.items() if how.words)
    settings = {**reading, "decimal": style_of(raw, columns.written).decimal}
    settings |= {"words": words, "missing": data.missing}
    if settings.get("regular", True) or not settings.get("header", True) or words:
        frame = _script_reads(path, settings)
    else:
        frame = _script_reads(path, {**settings, "name_needs": ()})
        frame, settings["name_needs"] = needs.of_names(frame)
    codes = tuple(
        name for name, how in columns.written.items() if _is_changed(frame[name], how, raw[name])
    )
    if codes:
        # Where a file has no plain header, the names that pandas sees are others
        regular = reading.get("regular", True)
        settings |= {"as_written": codes} if regular else {"as_text": True}
        frame = _script_reads(path, settings)
    made = conversions(frame, columns, data)
    plain = [name for name, how in columns.written.items() if how.kind == NUMBER]
    converted = {*made["among_words"], *(name for name, *_ in made["numbers"])}
    plain = [name for name in plain if name not in converted]
    for name, how in columns.written.items():
        if name not in plain and name not in (columns.text, columns.image):
            frame[name] = as_read(frame[name], how)
    frame = tidied(frame, made)
    used = {n: value for n, value in settings.items() if value != () or n in needs.SETTINGS}
    return frame, {**used, **made}


def _is_changed(column: "pd.Series[Any]", how: Written, raw: "pd.Series[Any]") -> bool:
    """Say whether pandas makes something else of the cells of a column than is written there."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        # TRUE is a word like another
        return not raw.dropna().isin(["True", "False"]).all()
    if isinstance(column.dtype, pd.StringDtype):
        return False
    return how.kind in (CATEGORY, DATE, TIME) or bool(how.thousands or how.unit)


def tidied(frame: "pd.DataFrame", settings: Mapping[str, Any]) -> "pd.DataFrame":
    """Return a table with its words as a script will have them: trimmed, of one spelling each."""
    from apprenti.backends.common.convert import as_codes

    for name in settings.get("categorical", ()):
        frame[name] = as_codes(frame[name])
    for name in settings["trimmed"]:
        frame[name] = frame[name].str.normalize("NFC").str.strip()
    return frame.replace(dict(settings["unite"])) if settings["unite"] else frame


def conversions(
    frame: "pd.DataFrame", columns: Columns, data: DataSettings, is_whole: bool = True
) -> dict[str, Any]:
    """Return the settings of what a script must convert, once a table is read as `frame`.

    Of a sample nobody knows what the other rows need.
    """
    import pandas as pd

    numbers, times, trimmed = [], [], []
    for name, how in columns.written.items():
        column = frame[name]
        if how.kind == NUMBER and not pd.api.types.is_numeric_dtype(column):
            numbers.append((name, how.decimal, how.thousands, how.unit))
        elif how.kind == TIME:
            times.append((name, how.format))
        elif how.kind not in (NUMBER, DATE) and _has_edges(column):
            trimmed.append(name)
    left, needed = tuple(numbers), dict[str, Any]()
    if is_whole:
        left, needed = needs.of_numbers(frame, left)
    needed["date_needs"] = needs.of_dates(frame, columns.written, is_whole)
    return {
        "numbers": left,
        **needed,
        "times": tuple(times),
        "trimmed": tuple(trimmed),
        "unite": _spellings(data),
        **_dates(columns),
    }


def _spellings(data: DataSettings) -> tuple[tuple[str, str], ...]:
    return tuple((other, word) for word, others in data.unite.items() for other in others)


def _has_edges(column: "pd.Series[Any]") -> bool:
    """Say whether some cells have spaces at their ends, or accents apart from their letters."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pd.api.types.is_string_dtype(column) or column.dtype == object:
        return False
    cells = pa.array(column, pa.string())
    tidy = pc.utf8_trim_whitespace(pc.utf8_normalize(cells, "NFC"))
    return bool(pc.any(pc.not_equal(cells, tidy)).as_py())


def _dates(columns: Columns) -> dict[str, Any]:
    return {
        "dates": tuple((name, moments.for_script(how)) for name, how in columns.dates),
        "since_1970": tuple((n, SINCE_1970[how]) for n, how in columns.dates if how in SINCE_1970),
        "month_names": any("%B" in how.format for how in columns.written.values()),
        "date_parts": _date_parts(columns),
    }


def _date_parts(columns: Columns) -> tuple[str, str]:
    """Return what is added to the name of a date for its month and its day of the week.

    No column of the table has such a name.
    """
    month, weekday = "month", "weekday"
    taken = {*columns.inputs, *columns.left_out, columns.target}
    while any(f"{name} {part}" in taken for name, _ in columns.dates for part in (month, weekday)):
        month, weekday = f"{month}_", f"{weekday}_"
    return month, weekday


def of_new_rows(columns: Columns, data: DataSettings) -> dict[str, Any]:
    """Return the settings with which new rows are read: everything is said, nothing guessed anew.

    The target is not there.
    """
    written = {n: how for n, how in columns.written.items() if n in columns.inputs}
    names = [n for n, how in written.items() if how.kind not in (NUMBER, DATE, TIME)]
    return {
        "as_text": True,
        "as_written": (),
        "among_words": (),
        "numbers": tuple(
            (name, how.decimal, how.thousands, how.unit)
            for name, how in written.items()
            if how.kind == NUMBER
        ),
        "times": tuple((name, how.format) for name, how in written.items() if how.kind == TIME),
        "categorical": tuple(name for name in names if written[name].kind == CATEGORY),
        "trimmed": tuple(names),
        "words": tuple(name for name in names if written[name].words),
        "missing": data.missing,
        "unite": _spellings(data),
        **_dates(columns),
    }


def with_gaps(frame: "pd.DataFrame", settings: Mapping[str, Any], is_text: bool) -> "pd.DataFrame":
    """Return new rows with gaps where a script finds them: the words of `missing`.

    Of a text file words such as NA are gaps as well, but in the columns of `words`.
    """
    said = {*settings.get("missing", ())}
    usual = {*said, *(MISSING if is_text else ())}
    kept = {}
    for name in frame.columns[[kind.kind == "O" for kind in frame.dtypes]]:
        gaps = said if name in settings.get("words", ()) else usual
        kept[name] = frame[name].where(~frame[name].isin(gaps))
    return frame.assign(**kept)


def named(settings: Mapping[str, Any]) -> set[str]:
    """Return the columns of new rows that a script converts, by its settings."""
    plain = {str(name) for part in ("trimmed", "categorical") for name in settings.get(part, ())}
    said = ("numbers", "times", "dates")
    return plain | {str(name) for part in said for name, *_ in settings.get(part, ())}


def converted(frame: "pd.DataFrame", settings: Mapping[str, Any]) -> "pd.DataFrame":
    """Return new rows as a script converts them: numbers, dates as days, tidy categories."""
    from apprenti.backends.common.convert import convert
    from apprenti.backends.common.settings import Config

    known = {
        name: value
        for name, value in settings.items()
        if name in Config._fields and name not in needs.SETTINGS
    }
    # Numbers may be numbers already: nobody knows how they were written
    return convert(frame.copy(), Config(**{**known, "labelled": False}))


def days(dates: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return dates as days since 1970, as a script does."""
    import pandas as pd

    begin = pd.Timestamp(0, unit="s", tz="UTC")
    return (dates - begin).dt.total_seconds() / 86400
