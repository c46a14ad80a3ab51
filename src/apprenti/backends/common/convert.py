"""Columns: what is written in them becomes numbers, dates, categories."""

import pandas as pd

from apprenti.backends.common.moments import as_dates, from_1970, read_dates
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
    for name in config.among_words:
        # A word among numbers says that one is missing
        table[name] = pd.to_numeric(table[name], errors="coerce").astype(float)
    for name, decimal, thousands, unit in config.numbers:
        # 1 234,50 € becomes 1234.5; a word says that a value is missing
        table[name] = as_numbers(table[name], decimal, thousands, unit, config)
    for name, written in config.times:
        # A time of the day becomes the hours since midnight
        times = as_dates(table[name].astype(str), written, config)
        table[name] = hours(times)
    for name, unit in config.since_1970:
        # A number of seconds, or of parts of them, becomes a date
        table[name] = from_1970(table[name], unit)
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        times = read_dates(table.pop(name), written, config)
        table[name] = (times - pd.Timestamp(0, unit="s", tz="UTC")).dt.total_seconds() / 86400
        if config.date_parts == ("month", "weekday"):
            table[f"{name} month"], table[f"{name} weekday"] = times.dt.month, times.dt.day_of_week
        else:
            month, weekday = config.date_parts
            table[f"{name} {month}"] = times.dt.month
            table[f"{name} {weekday}"] = times.dt.day_of_week
    return table


def as_numbers(column, decimal: str, thousands: str, unit: str, config: Config) -> pd.Series:
    if not config.labelled and pd.api.types.is_numeric_dtype(column):
        return column
    if config.number_needs:
        texts = plain_digits(column, config)
    if "strict" in config.number_needs:
        texts = texts.str.replace(unit, "", n=1, regex=False).str.strip()
        if thousands:
            # 1,234,567, or 12,34,567 as in India; 1.2.3 is no number
            groups = rf"\d{{1,3}}(?:[{thousands}]\d{{3}})+|\d{{1,2}}(?:,\d{{2}})+,\d{{3}}"
            in_groups = texts.str.fullmatch(rf"[+-]?(?:{groups})(?:[{decimal}]\d*)?")
            in_groups = in_groups.fillna(False).astype(bool)
            texts = texts.where(~in_groups, texts.str.replace(thousands, "", regex=False))
        texts = texts.str.translate(str.maketrans({decimal: ".", ".": decimal}))
    else:
        if config.number_needs:
            texts = texts.str.replace(unit, "", regex=False)
        else:
            texts = column.astype(str).str.replace(unit, "", regex=False)
        texts = texts.str.replace(thousands, "", regex=False).str.replace(decimal, ".", regex=False)
    return pd.to_numeric(texts, errors="coerce").astype(float)


def plain_digits(column: pd.Series, config: Config) -> pd.Series:
    texts = column.astype(str)
    if "signs" in config.number_needs:
        # One kind of space, of minus
        texts = texts.str.normalize("NFKC").str.replace("−", "-")
    if "capitals" in config.number_needs:
        texts = texts.str.lower()
    if "brackets" in config.number_needs:
        # -5 for (5) and for 5-
        texts = texts.str.replace(r"^\s*\((.+)\)\s*$|^\s*([^-]+)-\s*$", r"-\1\2", regex=True)
    return texts


def as_codes(column: pd.Series) -> pd.Series:
    # 75 is 75, even where a missing value made it 75.0
    if pd.api.types.is_float_dtype(column) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype(str).where(column.notna())


def hours(times: pd.Series) -> pd.Series:
    return times.dt.hour + times.dt.minute / 60 + times.dt.second / 3600
