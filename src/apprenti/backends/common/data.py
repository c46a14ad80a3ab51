"""Loading: read, split, prepared. No test row is seen by what follows."""

from typing import Any, NamedTuple

import numpy as np


class Data(NamedTuple):
    train_inputs: Any
    valid_inputs: Any
    train_targets: np.ndarray
    valid_targets: np.ndarray
    valid_rows: tuple[np.ndarray, list]  # what each row is called, and its label
    description: dict[str, Any]  # how rows become inputs, and targets labels again
    sample_inputs: Any = None  # the training rows that are measured, where not all are
    sample_targets: Any = None
