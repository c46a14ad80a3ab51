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
    rows = read(find(config.data), config) if config.data else read(Path(), config)
    order = line_up(rows, config)
    parts = split(rows, order, config)
    both = order[parts[order] == TRAIN], np.flatnonzero(parts == VALID)
    # What the preparation learns, it learns from the training rows alone
    preparation = fit_preparation(rows.inputs, both[0], config)
    train, valid = (prepare(rows.inputs, some, preparation, config) for some in both)
    target = describe_target(rows.labels, *both)
    targets = [code(rows.labels[some], target) for some in both]
    if config.train <= 10_000:
        sample = train, targets[0]
    else:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
        sample = train[drawn], targets[0][drawn]
    known = rows.names[both[1]], rows.labels[both[1]].tolist()
    return Data(train, targets[0], *sample, valid, targets[1], *known, target, preparation)
