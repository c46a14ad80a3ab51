"""Loading: read, split, prepared. No test row is seen by what follows."""

from typing import Any, NamedTuple

import numpy as np


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
