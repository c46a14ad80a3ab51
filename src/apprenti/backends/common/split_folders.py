"""Split: as the data comes, the validation set in a folder of its own."""

import numpy as np

from apprenti.backends.common.settings import Config


def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.random.default_rng(config.split_seed).permutation(len(by))
    others, valid = order[~by[order]], np.flatnonzero(by)
    # Test rows leave first, unseen
    test, train = others[: config.test], others[config.test :][: config.train]
    return train, valid, test
