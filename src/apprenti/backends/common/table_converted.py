"""Columns: which is the answer, and what the others are: numbers, dates, categories."""

import pandas as pd

from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.data import Data, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows


def load_data(config: Config) -> Data:
    # A row without an answer teaches nothing
    table = read_table(config).dropna(subset=[config.target])
    inputs = convert(table.drop(columns=[config.target, *config.ignore]), config)
    split = split_rows(table[config.split_by].to_numpy(), config)
    data = share_out(inputs, table[config.target].to_numpy(), split)
    # A row is called by its place in the file, whatever was left out before it
    return data._replace(valid_rows=table.index.to_numpy()[data.valid_rows])


def convert(inputs: pd.DataFrame, config: Config) -> pd.DataFrame:
    for name in config.numbers:
        # Numbers among which some words stand: a word counts as a gap
        texts = inputs[name].astype(str).str.replace(config.decimal, ".")
        inputs[name] = pd.to_numeric(texts, errors="coerce")
    for name in config.categorical:
        inputs[name] = inputs[name].astype(str)
    for name, written in config.dates:
        # A date becomes three numbers: the days since 1970, the month, the day of the week
        date = pd.to_datetime(inputs.pop(name), format=written, errors="coerce", utc=True)
        inputs[name] = (date - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 86400
        inputs[f"{name} month"], inputs[f"{name} weekday"] = date.dt.month, date.dt.weekday
    return inputs
