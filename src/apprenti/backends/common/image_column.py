"""Columns: the target, and the one that names the files of the images."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.convert import convert
from apprenti.backends.common.csv_table import read_table
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    table = read_table(path, config)
    if config.among_words or config.numbers or config.trimmed or config.unite:
        table = convert(table, config)
    if not config.all_answered:
        # Rows without a target cannot be used
        table = table.dropna(subset=[config.target])
    inputs = np.array([path.parent / name for name in table[config.image]])  # Beside the table
    if config.split_by == config.target:
        return inputs, table[config.target].to_numpy(), table[config.image].to_numpy()
    labels, names = table[config.target].to_numpy(), table[config.image].to_numpy()
    return inputs, labels, names, table[config.split_by].to_numpy()
