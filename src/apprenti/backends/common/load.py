"""Loading: read, split, prepared. No test row is seen by what follows."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.classification import code_labels
from apprenti.backends.common.correct import correct
from apprenti.backends.common.data import Data
from apprenti.backends.common.find import find
from apprenti.backends.common.idx import read
from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split


def load_data(config: Config) -> Data:
    path = find(config) if config.data else Path()
    if config.split_by == config.target:
        inputs, labels, names = read(path, config)
        train, valid, _ = split(labels, config)
    else:
        inputs, labels, names, by = read(path, config)
        train, valid, _ = split(by, config)
    if config.labels:
        labels = correct(labels, names, np.concatenate([train, valid]), config)
    preparation = fit_preparation(inputs, train, config)  # On the training rows alone
    prepared = [prepare(inputs, some, preparation, config) for some in (train, valid)]
    target, targets = code_labels(labels, train, valid)
    known = names[valid], labels[valid].tolist()
    if config.train > 10_000:
        # Ten thousand training rows, drawn once, are enough to measure how well they are learned
        random = np.random.default_rng(config.split_seed)
        drawn = random.choice(len(train), min(10_000, len(train)), replace=False)
        sample = prepared[0][drawn], targets[0][drawn]
        return Data(*prepared, *targets, known, {**target, "preparation": preparation}, *sample)
    return Data(*prepared, *targets, known, {**target, "preparation": preparation})
