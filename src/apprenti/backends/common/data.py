"""Data: find it, put the test rows aside, hand over what every model needs."""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from apprenti.backends.common.pixels import fit_preparation, prepare
from apprenti.backends.common.settings import Config


class Data(NamedTuple):
    train_inputs: np.ndarray
    train_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_rows: np.ndarray
    classes: list[str]
    preparation: dict[str, np.ndarray]


def find(name: str) -> Path:
    for folder in [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]:
        if (folder / name).exists():
            return folder / name
    raise SystemExit(f"{name} is not here. Put it beside this script, or set APPRENTI_DATA.")


def rows_in(share: float, rows: int) -> int:
    """Return a number of rows: 0.15 is a share of them, 10000 is that many."""
    return share if isinstance(share, int) else round(share * rows)


def split_rows(labels: np.ndarray, config: Config) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows to learn from and the rows to check with."""
    rows = np.random.default_rng(config.split_seed).permutation(len(labels))
    # The test rows leave first, before anything about them was looked at
    rows = rows[rows_in(config.test, len(labels)) :]
    # Line the others up class by class and take some at equal distances: each class gives its share
    lined_up = rows[np.argsort(labels[rows], kind="stable")]
    n_valid = rows_in(config.valid, len(labels))
    valid = lined_up[np.arange(n_valid) * len(lined_up) // n_valid]
    train = rows[~np.isin(rows, valid)]
    return train[: rows_in(config.train, len(labels))], np.sort(valid)


def share_out(inputs: np.ndarray, labels: np.ndarray, config: Config) -> Data:
    train, valid = split_rows(labels, config)
    # Nothing below sees a test row: neither the class names nor the preparation
    classes = np.unique(labels[np.concatenate([train, valid])])
    preparation = fit_preparation(inputs[train])
    parts = []
    for rows in (train, valid):
        # Each label becomes the number of its class, counted from 0
        parts += [prepare(inputs[rows], preparation), np.searchsorted(classes, labels[rows])]
    return Data(*parts, valid, [str(name) for name in classes], preparation)
