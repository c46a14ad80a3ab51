"""Split: as the data come, the validation set in a folder of its own."""

import numpy as np

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def line_up(rows: Rows, config: Config) -> np.ndarray:
    return np.random.default_rng(config.split_seed).permutation(len(rows.labels))


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    parts = np.full(len(rows.labels), UNUSED)
    parts[rows.by] = VALID
    others = order[~rows.by[order]]
    # The test rows leave first, before anything about them was looked at
    parts[others[: config.test]] = TEST
    parts[others[config.test :][: config.train]] = TRAIN
    return parts
