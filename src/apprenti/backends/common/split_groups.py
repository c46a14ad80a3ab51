"""Split: by group. Rows of one group (a patient, a customer) are never in two parts."""

import numpy as np

from apprenti.backends.common.settings import Config


def split_rows(groups: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    _, group_of, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng(config.split_seed).permutation(len(sizes))
    # Line the groups up; each goes, whole, where its first row would go
    begin = np.empty(len(sizes), int)
    begin[order] = np.cumsum(sizes[order]) - sizes[order]
    begins = begin[group_of]
    checked = (begins >= config.test) & (begins < config.test + config.valid)
    train = np.argsort(begins, kind="stable")[np.sum(begins < config.test) + np.sum(checked) :]
    return train[: config.train], np.flatnonzero(checked)
