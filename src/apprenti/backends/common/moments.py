"""Times: read as moments, so that they come in the order of time and never in that of letters."""

import pandas as pd


def moments(column: pd.Series, written: str) -> pd.Series:
    """Return each cell as a date (UTC) or as a number; what is not written so is missing."""
    if written == "number":
        return pd.to_numeric(column, errors="coerce")
    dates = pd.to_datetime(column, format=written, errors="coerce", utc=True)
    return dates.dt.tz_convert(None)
