"""Split: by group. Rows of one group (a patient, a customer) are never in two parts."""

import numpy as np
import pandas as pd

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def draw_groups(rows: Rows, config: Config) -> tuple[np.ndarray, np.ndarray]:
    group_of, names = pd.factorize(rows.by, sort=True)
    return group_of, np.random.default_rng(config.split_seed).permutation(len(names))


def line_up(rows: Rows, config: Config) -> np.ndarray:
    group_of, drawn = draw_groups(rows, config)
    return np.argsort(np.append(np.argsort(drawn), len(drawn))[group_of], kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    group_of, drawn = draw_groups(rows, config)
    sizes = np.bincount(group_of[group_of >= 0])
    # A row without a group might belong to any of them: it is in no part
    part_of = np.append(np.full(len(drawn), TRAIN), UNUSED)
    for number, wanted, others in ((TEST, config.test, 2), (VALID, config.valid, 1)):
        free = drawn[part_of[drawn] == TRAIN]
        part_of[free[choose(sizes[free], wanted, len(free) - others)]] = number
    parts = part_of[group_of]
    parts[order[parts[order] == TRAIN][config.train :]] = UNUSED
    return parts


def choose(sizes: np.ndarray, wanted: int, most: int) -> list[int]:
    """Return groups, each of which brings the rows nearer to what is wanted; one at least."""
    chosen = []
    for group, size in enumerate(sizes.tolist()):
        if size < 2 * wanted and len(chosen) < most:
            chosen.append(group)
            wanted -= size
    return chosen if chosen or not wanted else [int(sizes.argmin())]
