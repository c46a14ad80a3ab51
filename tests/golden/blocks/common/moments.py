# As in train.py of sklearn, linear, table-regression

# %% Dates: however they are written, and in the order of time, never in that of letters.
def moments(column: pd.Series, config: Config) -> pd.Series:
    """Return each cell as a date (UTC) or as a number; what is not written so is missing."""
    first, *others = config.time_format.split(" | ")
    dates = pd.to_datetime(column, format=first, errors="coerce", utc=True)
    for other in others:
        dates = dates.fillna(pd.to_datetime(column, format=other, errors="coerce", utc=True))
    return dates.dt.tz_convert(None)
