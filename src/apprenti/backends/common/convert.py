"""Columns: what is written in them becomes numbers, dates, categories."""

import pandas as pd

from apprenti.backends.common.moments import as_dates, from_1970, month_numbers
from apprenti.backends.common.settings import Config


def convert(table: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name in config.categorical:
        table[name] = as_codes(table[name])
    for name in config.trimmed:
        # Spaces at the ends, and accents apart from their letter, make no other word
        table[name] = table[name].str.normalize("NFC").str.strip()
    if config.unite:
        # One category, however it is spelled
        table = table.replace(dict(config.unite))
    for name, decimal, thousands, unit in config.numbers:
        table[name] = as_numbers(table[name], decimal, thousands, unit)
    for name, written in config.times:
        # A time of the day becomes the hours since midnight
        table[name] = hours(as_dates(table[name].astype(str), written))
    for name, unit in config.since_1970:
        # A number of seconds, or of parts of them, becomes a date
        table[name] = from_1970(table[name], unit)
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        texts = table.pop(name)
        date = as_dates(texts, written)
        if config.month_names:
            date = date.fillna(as_dates(month_numbers(texts), written))
        table[name] = (date - pd.Timestamp(0, unit="s", tz="UTC")).dt.total_seconds() / 86400
        month, weekday = config.date_parts
        table[f"{name} {month}"], table[f"{name} {weekday}"] = date.dt.month, date.dt.day_of_week
    return table


def as_numbers(column: pd.Series, decimal: str, thousands: str, unit: str) -> pd.Series:
    """1 234,50 € becomes 1234.5; what is written otherwise, a word or 1.2.3, is missing."""
    if pd.api.types.is_numeric_dtype(column):
        return column
    texts = plain_digits(column, unit)
    if thousands:
        # 1,234,567, or 12,34,567 as in India
        groups = rf"\d{{1,3}}(?:[{thousands}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}"
        in_groups = texts.str.fullmatch(rf"[+-]?(?:{groups})(?:[{decimal}]\d*)?")
        in_groups = in_groups.fillna(False).astype(bool)
        texts = texts.where(~in_groups, texts.str.replace(thousands, "", regex=False))
    if decimal == ",":
        texts = texts.str.translate(str.maketrans(",.", ".,"))
    return pd.to_numeric(texts, errors="coerce").astype(float)


def plain_digits(column: pd.Series, unit: str) -> pd.Series:
    """Return texts with one kind of space and of minus, -5 for (5) and for 5-, without the unit."""
    texts = column.astype(str).str.normalize("NFKC").str.lower().str.replace("−", "-")
    texts = texts.str.replace(r"^\s*\((.+)\)\s*$|^\s*([^-]+)-\s*$", r"-\1\2", regex=True)
    return texts.str.replace(unit, "", n=1, regex=False).str.strip()


def as_codes(column: pd.Series) -> pd.Series:
    # 75 is 75, even where a missing value made it 75.0
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype(str).where(column.notna())


def hours(times: pd.Series) -> pd.Series:
    return times.dt.hour + times.dt.minute / 60 + times.dt.second / 3600
