"""Split: by group. Rows of one group (a patient, a customer) are never in two parts."""

import numpy as np
import pandas as pd

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config

TRAIN, VALID, TEST, UNUSED = range(4)


def draw_groups(rows: Rows, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of each row's group (-1: it has none), and the groups as they are drawn."""
    group_of, names = pd.factorize(rows.by, sort=True)
    return group_of, np.random.default_rng(config.split_seed).permutation(len(names))


def line_up(rows: Rows, config: Config) -> np.ndarray:
    group_of, drawn = draw_groups(rows, config)
    # Rows without a group come last
    place = np.append(np.argsort(drawn), len(drawn))
    return np.argsort(place[group_of], kind="stable")


def split(rows: Rows, order: np.ndarray, config: Config) -> np.ndarray:
    group_of, drawn = draw_groups(rows, config)
    sizes = np.bincount(group_of[group_of >= 0])
    # A row without a group might belong to any of them: it is in no part
    part_of = np.append(np.full(len(drawn), TRAIN), UNUSED)
    for part, wanted, others in ((TEST, config.test, 2), (VALID, config.valid, 1)):
        free = drawn[part_of[drawn] == TRAIN]
        chosen = choose(sizes[free], wanted, len(free) - others)
        part_of[free[chosen]] = part
    parts = part_of[group_of]
    parts[order[parts[order] == TRAIN][config.train :]] = UNUSED
    return parts


def choose(sizes: np.ndarray, wanted: int, most: int) -> list[int]:
    """Return which groups together have about as many rows as wanted; one at least."""
    chosen, missing = [], wanted
    for group, size in enumerate(sizes.tolist()):
        # A group is taken if the part comes nearer to what is wanted with it
        if size < 2 * missing and len(chosen) < most:
            chosen.append(group)
            missing -= size
    return chosen if chosen or not wanted else [int(sizes.argmin())]
