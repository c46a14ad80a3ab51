# As in evaluate.py of sklearn, linear, table-regression, time=jour, group=None

# %% Dates: however they are written, and in the order of time, never in that of letters.
def as_dates(column: pd.Series, written: str, config: Config) -> pd.Series:
    # Of several ways of writing the first that fits a cell counts
    first, *more = written.split(" | ")
    times = pd.to_datetime(column, format=first, errors="coerce", utc=True)
    for other in more:
        times = times.fillna(pd.to_datetime(column, format=other, errors="coerce", utc=True))
    return times
