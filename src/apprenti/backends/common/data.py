"""Data: find it, put the test rows aside, hand over what every model needs."""

import os
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from apprenti.backends.common.classification import code_targets
from apprenti.backends.common.pixels import fit_preparation, prepare


class Data(NamedTuple):
    train_inputs: np.ndarray
    train_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_rows: np.ndarray
    target: dict[str, Any]
    preparation: Any


def find(name: str) -> Path:
    for folder in [Path.cwd(), Path(os.environ.get("APPRENTI_DATA", "")), *Path.cwd().parents]:
        if (folder / name).exists():
            return folder / name
    raise SystemExit(f"{name} is not here. Put it beside this script, or set APPRENTI_DATA.")


def share_out(inputs, labels: np.ndarray, split: tuple[np.ndarray, np.ndarray]) -> Data:
    # Nothing below sees a test row: neither the answers nor the preparation
    preparation = fit_preparation(inputs, split[0])
    ready = [prepare(inputs, rows, preparation) for rows in split]
    coded, target = code_targets(labels, split)
    return Data(ready[0], coded[0], ready[1], coded[1], split[1], target, preparation)
