"""Loading: the rows are read piece by piece, and those of two sets go to the disk."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from apprenti.backends.common.classification import code_labels
from apprenti.backends.common.convert import convert
from apprenti.backends.common.correct import correct
from apprenti.backends.common.data import Data
from apprenti.backends.common.impute_scale_encode import fit_preparation, prepare
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.parquet_pieces import read_pieces
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split

# The preparation is fitted on at most this many rows
FIT_ROWS = 100_000


def load_data(config: Config) -> Data:
    # One or two columns fit into memory; rows without a target cannot be used
    names = list(dict.fromkeys([config.target, config.split_by]))
    table = pd.concat(read_pieces(config, names), ignore_index=True).dropna(subset=[config.target])
    labels, places = table[config.target].to_numpy(), table.index.to_numpy()
    # Both sets in the order of the file
    both = [np.sort(some) for some in split(table[config.split_by].to_numpy(), config)[:2]]
    if config.labels:
        labels = correct(labels, places, np.concatenate(both), config)
    target, targets = code_labels(labels, *both)
    train, valid = (places[rows] for rows in both)
    # The preparation is fitted on training rows drawn at random
    random = np.random.default_rng(config.split_seed)
    some = np.sort(random.choice(train, min(FIT_ROWS, len(train)), replace=False))
    fitted = pd.concat([piece.iloc[rows] for piece, rows in pick(config, some)])
    preparation = fit_preparation(fitted, np.arange(len(fitted)), config)
    print("Preparing the rows: they go to the disk, to be read from there.", flush=True)
    ready = [put_on_disk(config, rows, preparation) for rows in (train, valid)]
    known = valid, labels[both[1]].tolist()
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
        sample = ready[0][drawn], targets[0][drawn]
        return Data(*ready, *targets, known, {**target, "preparation": preparation}, *sample)
    return Data(*ready, *targets, known, {**target, "preparation": preparation})


def pick(config: Config, places: np.ndarray) -> Iterator[tuple[pd.DataFrame, np.ndarray]]:
    """Yield each piece of the table that holds some of these rows, and their places in it."""
    start = 0
    for piece in read_pieces(config):
        first, last = np.searchsorted(places, [start, start + len(piece)])
        if first < last:
            if (config.numbers or config.times or config.dates) or (
                config.categorical or config.unite
            ):
                piece = convert(piece, config)
            inputs = piece.drop(columns=[config.target, *config.ignore])
            yield inputs, places[first:last] - start
        start += len(piece)


def put_on_disk(config: Config, places: np.ndarray, preparation: dict) -> OnDisk:
    ready = OnDisk(np.float32)
    for piece, rows in pick(config, places):
        ready.append(prepare(piece, rows, preparation, config))
    return ready
