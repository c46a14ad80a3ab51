"""Dates: however they are written, and in the order of time, never in that of letters."""

import pandas as pd

from apprenti.backends.common.settings import Config

# The beginnings of the names of the months, in French and in English
MONTHS = r"jan f[eé]v|feb mars|march|mar\b a[vp]r ma[iy] jui?n jui?l ao[uû]|aug sep oct nov d[eé]c"


def moments(column: pd.Series, config: Config) -> pd.Series:
    """Return each cell as a date (UTC) or as a number; what is not written this way is missing."""
    if config.time_format == "number":
        return pd.to_numeric(column, errors="coerce")
    dates = read_dates(column, config.time_format, config)
    return dates.dt.tz_convert(None)


def read_dates(column: pd.Series, written: str, config: Config) -> pd.Series:
    """Return dates, whose months may be written in words."""
    if not config.month_names:
        return as_dates(column, written, config)
    numbered = month_numbers(column, config)
    if "digits" not in config.date_needs:
        return as_dates(numbered, written, config)
    times = as_dates(column, written, config)
    return times.fillna(as_dates(numbered, written, config))


def as_dates(column: pd.Series, written: str, config: Config) -> pd.Series:
    if "several" in config.date_needs:
        # Of several ways of writing the first that fits a cell counts
        first, *more = written.split(" | ")
        times = pd.to_datetime(column, format=first, errors="coerce", utc=True)
        for other in more:
            times = times.fillna(pd.to_datetime(column, format=other, errors="coerce", utc=True))
        return times
    return pd.to_datetime(column, format=written, errors="coerce", utc=True)


def from_1970(column: pd.Series, unit: str) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    return pd.to_datetime(numbers, unit=unit, errors="coerce", utc=True)


def month_numbers(column: pd.Series, config: Config) -> pd.Series:
    """Mardi 1er mars 2020 becomes 1 #3 2020; Monday, Jan 5, 2020 becomes #1 5 2020."""
    texts = column.astype(str).str.lower()
    for number, begin in enumerate(MONTHS.split(), start=1):
        texts = texts.str.replace(rf"(?:{begin})[a-zéû]*\.?", f" #{number} ", regex=True)
    if "clock" in config.date_needs:
        # What is left of the words goes, but for the time of the day: 14h30, 2:30 pm
        for short, long in ((r"(\d)\s*h\s*(\d)", r"\1:\2"), (r"\bam\b", "AM"), (r"\bpm\b", "PM")):
            texts = texts.str.replace(short, long, regex=True)
    return texts.str.replace(r"[^0-9:#AMP]+", " ", regex=True).str.strip()
