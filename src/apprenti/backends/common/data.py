"""Loading: read, split, prepared. No test row is seen by what follows."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from apprenti.backends.common.settings import Config


class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again
    sample_inputs: Any = None  # the training rows that are measured, where not all are
    sample_targets: Any = None


def origin_of(config: Config, data: Data) -> str:
    """Return what a run must have in common with one that it goes on from."""
    seen = hashlib.sha256(Path(__file__).read_bytes() + repr((config, data.description)).encode())
    if config.train > 10_000:
        for values in (data.sample_inputs, data.train_targets, data.valid_targets):
            seen.update(np.ascontiguousarray(values[:]))
    else:
        for values in data[:4]:  # All inputs and targets
            seen.update(np.ascontiguousarray(values[:]))
    return seen.hexdigest()
