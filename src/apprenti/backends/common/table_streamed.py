"""Columns: which is the answer, and which a model may see; the rows pass by piece by piece."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from apprenti.backends.common.classification import code_targets
from apprenti.backends.common.convert import convert
from apprenti.backends.common.data import Data
from apprenti.backends.common.mixed import fit_preparation, prepare
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.parquet_pieces import read_pieces
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows

# So many rows tell how the columns are to be prepared
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into the memory; a row without an answer teaches nothing
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels = table[config.target].to_numpy()
    split = split_rows(table[config.split_by].to_numpy(), config)
    # Both parts in the order in which they stand in the file
    split = np.sort(split[0]), np.sort(split[1])
    coded, target = code_targets(labels, split)
    train, valid = (table.index.to_numpy()[rows] for rows in split)
    # Training rows drawn at random settle the preparation
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    sample = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(sample, np.arange(len(sample)))
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    return Data(ready[0], coded[0], ready[1], coded[1], valid, target, preparation)


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table in which some of these rows stand, and where in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            inputs = piece.drop(columns=[config.target, *config.ignore])
            yield convert(inputs, config), places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation))
    return ready
