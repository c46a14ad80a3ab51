"""Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    digits = load_digits()
    return digits.images, digits.target, np.arange(len(digits.target))
