"""What the values of a column show: numbers, dates, times, texts, or the names of categories."""

from typing import TYPE_CHECKING, Any

from apprenti.data.kinds import moments, numerals, since_1970
from apprenti.data.kinds.numerals import Style
from apprenti.data.kinds.written import (
    CATEGORY,
    DATE,
    MISSING,
    NUMBER,
    TEXT,
    TIME,
    Unread,
    Written,
)

if TYPE_CHECKING:
    import pandas as pd

MOSTLY = 0.9
"""A column is one of numbers, or of dates, if at least this share of what is filled in is one."""

FEW_WORDS, MANY_NUMBERS, HALF = 3, 10, 0.5
"""It is one of numbers as well if so few different words stand among so many different numbers,
which are this share of it at least: the words say that a value is not known."""

TEXT_LENGTH, TEXT_WORDS = 30, 3
"""Of so many signs, or words, on average, are the cells of a column of texts at least."""

LOOKED_AT = 1000
"""So many cells of a column are looked at to tell texts and names of images."""

LONGEST_INTEGER = 15
"""Whole numbers of more digits are not all told apart in 64 bits: they are names."""

FIRST_DAY, LAST_DAY = 18_000_000, 21_000_000
"""Whole numbers between these may be days: 20240131."""

MOST_UNREAD = 5
"""So many cells that could not be read are named."""

SHORT_CODE = r"[A-Z]{2}"
"""What a word such as NA is among, where it is a value: the codes of continents, of states."""


def look_at(column: "pd.Series[Any]", is_category: bool, style: Style | None = None) -> Written:
    """Return how a column is written; `is_category` is known already, where it is so."""
    import pandas as pd

    if pd.api.types.is_bool_dtype(column):
        return Written(CATEGORY)
    if pd.api.types.is_numeric_dtype(column):
        return Written(CATEGORY) if is_category else _counted(NUMBER, column)
    if pd.api.types.is_datetime64_any_dtype(column):
        return Written(CATEGORY) if is_category else Written(DATE, format=moments.ISO)
    if column.dtype == object:
        column = column.map(str, na_action="ignore").astype("str")
    values = None if is_category else _as_plain_numbers(column)
    if values is not None and values.notna().any():
        return _plain(column.dropna(), values.dropna(), style or Style())
    unlike = column.dropna().drop_duplicates()
    words = _words_are_values(unlike)
    if is_category:
        return Written(CATEGORY, words=words)
    if not len(unlike):
        return Written(NUMBER)
    if filled(unlike.iloc[:LOOKED_AT]).str.contains(r"\d").mean() >= HALF:
        texts = filled(column)
        values = _as_plain_numbers(texts)
        if values is not None:
            return _plain(texts, values, style or Style())
        if (found := _in_digits(texts, style or Style())) is not None:
            return found
    return Written(TEXT) if are_texts(column) else Written(CATEGORY, words=words)


def _in_digits(texts: "pd.Series[Any]", style: Style) -> Written | None:
    """Return what texts with digits are: numbers, codes, dates or times; None for anything else."""
    if (numbers := numerals.find(texts, style, _enough(texts))) is not None:
        return Written(CATEGORY) if _are_codes(texts) else numbers
    return moments.find(texts, MOSTLY)


def filled(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return what is filled in, as texts without spaces at their ends."""
    texts = column.dropna().astype(str).str.strip()
    return texts[~texts.isin({*MISSING, ""})]


def _as_plain_numbers(column: "pd.Series[Any]") -> "pd.Series[Any] | None":
    """Return a column of plain numbers and gaps; None where something else stands in it."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        values = pc.cast(pa.array(column, pa.string()), pa.float64())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return None
    return pd.Series(values.to_numpy(zero_copy_only=False), column.index, name=column.name)


def _plain(texts: "pd.Series[Any]", values: "pd.Series[Any]", style: Style) -> Written:
    """Return what plain numbers are: quantities, codes, or days written without separators."""
    is_whole = _are_whole(values)
    if is_whole and _are_codes(texts):
        return _counted(CATEGORY, values)
    if is_whole and values.min() > FIRST_DAY and values.max() < LAST_DAY:
        return moments.find_compact(texts) or Written(NUMBER)
    # 12.500 may be twelve thousand five hundred
    in_thousandths = not is_whole and _are_whole(values.iloc[:LOOKED_AT] * 1000)
    if in_thousandths and texts.str.fullmatch(r"[+-]?\d{1,3}(?:\.\d{3})?").all():
        return numerals.find(texts, style, 1.0) or Written(NUMBER)
    return _counted(NUMBER, values)


def _counted(kind: str, values: "pd.Series[Any]") -> Written:
    """Return plain numbers as they are read; there is a doubt where they may count since 1970."""
    return Written(kind, doubt=since_1970.may_be(values))


def _are_whole(values: "pd.Series[Any]") -> bool:
    import numpy as np

    return bool((values == np.floor(values)).all())


def _are_codes(texts: "pd.Series[Any]") -> bool:
    """Say whether whole numbers are names: they begin with 0, or are too long to be counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    cells = pa.array(texts, pa.string())
    code = rf"^0\d+$|^[+-]?\d{{{LONGEST_INTEGER + 1},}}$"
    if not pc.any(pc.match_substring_regex(cells, code)).as_py():
        return False
    return bool(pc.mean(pc.match_substring_regex(cells, r"^[+-]?\d+$")).as_py() >= MOSTLY)


def _enough(texts: "pd.Series[Any]") -> float:
    """Return the share of its cells that must be numbers in a column of numbers."""
    numbers = texts.str.contains(r"^[^\w]*\d|^\D{1,4}\d", regex=True)
    if numbers.mean() >= MOSTLY or numbers.mean() < HALF:
        return MOSTLY
    few = texts[~numbers].nunique() <= FEW_WORDS and texts[numbers].nunique() >= MANY_NUMBERS
    return HALF if few else MOSTLY


def _words_are_values(unlike: "pd.Series[Any]") -> bool:
    """Say whether NA is a value: it stands among other codes of two capital letters."""
    words = unlike.astype(str).str.strip()
    if not (words == "NA").any():
        return False
    others = words[~words.isin({*MISSING, ""})].drop_duplicates()
    return bool(len(others) >= 2 and others.str.fullmatch(SHORT_CODE).all())


def are_texts(column: "pd.Series[Any]") -> bool:
    """Say whether a column holds texts: several words, rarely the same."""
    import pandas as pd

    kept = column.dropna()
    if not len(kept) or not pd.api.types.is_string_dtype(kept):
        return False
    texts = kept.iloc[:LOOKED_AT].astype(str)
    long = texts.str.len().mean() >= TEXT_LENGTH or texts.str.split().str.len().mean() >= TEXT_WORDS
    lettered = texts.str.contains(r"[^\W\d_]").mean() >= MOSTLY
    unlike = texts.nunique() >= len(texts) / 2
    return bool(
        long and lettered and unlike and moments.find(filled(kept.iloc[:LOOKED_AT]), MOSTLY) is None
    )


def as_read(column: "pd.Series[Any]", written: Written) -> "pd.Series[Any]":
    """Return a column as a script reads it, but that dates stay dates."""
    import pandas as pd

    from apprenti.backends.common import convert
    from apprenti.backends.common.settings import Config

    if written.kind == NUMBER:
        if pd.api.types.is_numeric_dtype(column):
            return column
        if written.is_plain and (numbers := _as_plain_numbers(column)) is not None:
            return numbers
        how = written.decimal, written.thousands, written.unit
        return convert.as_numbers(column, *how, Config())
    if written.kind == TIME:
        column = column.astype(str)
    if written.kind in (DATE, TIME):
        dates = moments.read(column, written.format)
        return dates if written.kind == DATE else convert.hours(dates)
    return column


def tidy(column: "pd.Series[Any]") -> "pd.Series[Any]":
    """Return categories as a script reads them in new rows: 75 for 75.0, no spaces at the ends."""
    from apprenti.backends.common import convert

    return convert.as_codes(column).str.normalize("NFC").str.strip()


def unread(column: "pd.Series[Any]", values: "pd.Series[Any]") -> Unread | None:
    """Return the cells of a column that became gaps though something stands in them."""
    lost = column.notna().to_numpy() & values.isna().to_numpy()
    cells = column[lost].astype(str)
    cells = cells[~cells.str.strip().isin({*MISSING, ""})]
    if not len(cells):
        return None
    places = [int(place) for place in cells.index[:MOST_UNREAD]]
    counts = cells.value_counts().iloc[:MOST_UNREAD]
    return Unread(
        len(cells),
        tuple((place + 1, cells[place]) for place in places),
        tuple((str(cell), int(count)) for cell, count in counts.items()),
    )
