"""Split: by group. Rows of one group (a patient, a customer) are never in two sets."""

import numpy as np
import pandas as pd

from apprenti.backends.common.settings import Config


def split(by: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    group_of, names = pd.factorize(by, sort=True)
    left = np.random.default_rng(config.split_seed).permutation(len(names))
    sizes, parts = np.bincount(group_of[group_of >= 0]), []
    if config.folds:
        tested = left[choose(sizes[left], config.test, len(left) - 2)]
        others = left[~np.isin(left, tested)]
        checked = others[fold_of(sizes[others], config.folds) == config.fold]
        parts = [np.flatnonzero(np.isin(group_of, some)) for some in (tested, checked)]
        left = others[~np.isin(others, checked)]
    else:
        for wanted, others in ((config.test, 2), (config.valid, 1)):
            chosen = choose(sizes[left], wanted, len(left) - others)
            parts.append(np.flatnonzero(np.isin(group_of, left[chosen])))
            left = np.delete(left, chosen)
    # The groups that are left; a row without a group might belong to any: it is in no set
    place = np.full(len(names) + 1, -1)
    place[left] = np.arange(len(left))
    order = np.argsort(place[group_of], kind="stable")
    train, (test, valid) = order[place[group_of[order]] >= 0][: config.train], parts
    return train, valid, test


def choose(sizes: np.ndarray, wanted: int, most: int) -> list[int]:
    """Return groups, each of which brings the rows nearer to what is wanted; one at least."""
    chosen = []
    for group, size in enumerate(sizes.tolist()):
        if size < 2 * wanted and len(chosen) < most:
            chosen.append(group)
            wanted -= size
    return chosen if chosen or not wanted else [int(sizes.argmin())]


def fold_of(sizes: np.ndarray, folds: int) -> np.ndarray:
    """Return the fold of each group: the largest first, each to the fold with the fewest rows."""
    found, rows = np.zeros(len(sizes), int), np.zeros(folds, int)
    for group in np.argsort(-sizes, kind="stable"):
        found[group] = rows.argmin()
        rows[found[group]] += sizes[group]
    return found
