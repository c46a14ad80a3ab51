"""Loading: read, split, prepared. No test row is seen by what follows."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.classification import code, describe_target
from apprenti.backends.common.data import Data
from apprenti.backends.common.idx import read
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.rows import find
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import TRAIN, VALID, line_up, split


def load_data(config: Config) -> Data:
    path = find(config.data) if config.data else Path()
    rows = read(path, config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    train, valid = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    preparation = fit_preparation(rows.inputs, train, config)  # On the training rows alone
    inputs = [prepare(rows.inputs, some, preparation, config) for some in (train, valid)]
    target = describe_target(rows.labels, train, valid)
    targets = [code(rows.labels[some], target) for some in (train, valid)]
    known = rows.names[valid], rows.labels[valid].tolist()
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
        sample = inputs[0][drawn], targets[0][drawn]
        return Data(*inputs, *targets, known, {**target, "preparation": preparation}, *sample)
    return Data(*inputs, *targets, known, {**target, "preparation": preparation})
