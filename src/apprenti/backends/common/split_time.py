"""Split: by time. The latest rows are the test, those just before check, the older ones teach."""

import numpy as np

from apprenti.backends.common.settings import Config


def split_rows(times: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    rows = np.argsort(times, kind="stable")
    rows = rows[: len(rows) - config.test]
    n_train = len(rows) - config.valid
    train, valid = rows[:n_train], rows[n_train:]
    # Where fewer rows are to teach, the latest do
    return train[-config.train :], np.sort(valid)
