"""Columns: which is the answer, and which names the files of the images."""

import numpy as np
import pandas as pd

from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.data import Data, find, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows


def find_files(table: pd.DataFrame, config: Config) -> np.ndarray:
    # The names are written from the folder of the table
    folder = find(config.data).parent
    return np.array([folder / name for name in table[config.image]])


def load_data(config: Config) -> Data:
    # A row without an answer teaches nothing
    table = read_table(config).dropna(subset=[config.target])
    split = split_rows(table[config.split_by].to_numpy(), config)
    data = share_out(find_files(table, config), table[config.target].to_numpy(), split)
    # A row is called by the name of its file
    return data._replace(valid_rows=table[config.image].to_numpy()[data.valid_rows])
