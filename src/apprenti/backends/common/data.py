"""Loading: read, split, prepared. No test row is seen by what follows."""

import hashlib
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from apprenti.backends.common.settings import Config


class Data(NamedTuple):
    train_inputs: Any
    train_targets: np.ndarray
    sample_inputs: np.ndarray  # the training rows that are measured
    sample_targets: np.ndarray
    valid_inputs: np.ndarray
    valid_targets: np.ndarray
    valid_names: np.ndarray  # what each row is called, and its label
    valid_labels: list
    target: dict[str, Any]  # what turns targets back into labels
    preparation: dict[str, Any]


def origin_of(config: Config, data: Data) -> str:
    """Return what a run must have in common with one that it goes on from."""
    script = Path(sys.argv[0])
    seen = hashlib.sha256(script.read_bytes() if script.is_file() else b"")
    seen.update(repr((config, data.target, data.preparation)).encode())
    for values in (data.sample_inputs, data.train_targets, data.valid_targets):
        for start in range(0, len(values), 1000):
            seen.update(np.ascontiguousarray(values[start : start + 1000]))
    return seen.hexdigest()
