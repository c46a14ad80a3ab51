"""Columns: what they are: numbers, dates, categories."""

import pandas as pd

from apprenti.backends.common.settings import Config


def convert(inputs: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name in config.numbers:
        # Numbers with some words among them: a word counts as missing
        texts = inputs[name].astype(str).str.replace(config.decimal, ".")
        inputs[name] = pd.to_numeric(texts, errors="coerce")
    for name in config.categorical:
        inputs[name] = inputs[name].astype(str)
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        date = pd.to_datetime(inputs.pop(name), format=written, errors="coerce", utc=True)
        inputs[name] = (date - pd.Timestamp(0, unit="s", tz="UTC")).dt.total_seconds() / 86400
        inputs[f"{name} month"], inputs[f"{name} weekday"] = date.dt.month, date.dt.day_of_week
    return inputs
