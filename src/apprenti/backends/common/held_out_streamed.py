"""Test set: rows that were used for no choice; they are looked at here for the first time."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from apprenti.backends.common.impute_scale_encode import prepare
from apprenti.backends.common.parquet_pieces import read_pieces
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split
from apprenti.backends.common.table_streamed import pick


def read_test(config: Config, preparation: dict) -> Iterator[tuple]:
    """Yield the test rows, some at a time: prepared inputs, labels, names."""
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels, places = table[config.target].to_numpy(), table.index.to_numpy()
    some = np.sort(split(table[config.split_by].to_numpy(), config)[2])
    done = 0
    for piece, inside in pick(config, places[some]):
        chosen = some[done : done + len(inside)]
        done += len(inside)
        yield prepare(piece, inside, preparation, config), labels[chosen].tolist(), places[chosen]
