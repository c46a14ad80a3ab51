"""Columns: which is the answer, and which a model may see."""

from apprenti.backends.common.convert import convert
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
