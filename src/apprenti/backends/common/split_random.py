"""Split: at random, so that each set has its share of every class (stratified)."""

import numpy as np

from apprenti.backends.common.settings import Config


def split(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    if config.test:
        order = np.random.default_rng(config.split_seed).permutation(len(labels))
        test, others = order[: config.test], order[config.test :]  # Test rows leave first, unseen
    else:
        others = np.random.default_rng(config.split_seed).permutation(len(labels))
    if config.draw:
        # Another draw of the training and validation set: the test rows are out of it
        others = np.random.default_rng(config.draw).permutation(others)
    # Line the others up by their label and take some at equal distances: all labels are there
    by_label = np.argsort(labels[others], kind="stable")
    if config.folds:
        # One row of as many as there are folds: each is in the validation set of one fold
        chosen = by_label[config.fold :: config.folds]
    else:
        chosen = by_label[np.arange(config.valid) * len(others) // config.valid]
    if config.test:
        return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), test
    return np.delete(others, chosen)[: config.train], np.sort(others[chosen]), others[:0]
