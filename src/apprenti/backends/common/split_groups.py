"""Split: by group. Rows of one group (a patient, a customer) are never in two parts."""

import numpy as np

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def group_begins(rows: Rows, config: Config) -> np.ndarray:
    """Line the groups up at random; return for each row where its group begins."""
    _, group_of, sizes = np.unique(rows.by, return_inverse=True, return_counts=True)
    order = np.random.default_rng(config.split_seed).permutation(len(sizes))
    begins = np.empty(len(sizes), int)
    begins[order] = np.cumsum(sizes[order]) - sizes[order]
    return begins[group_of]


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.argsort(group_begins(rows, config), kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    # Each group goes, whole, where its first row would go
    begins = group_begins(rows, config)
    parts = np.full(len(begins), TRAIN)
    parts[begins < config.test + config.valid] = VALID
    parts[begins < config.test] = TEST
    parts[order[parts[order] == TRAIN][config.train :]] = UNUSED
    return parts
