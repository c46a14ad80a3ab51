"""Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> Rows:
    digits = load_digits()
    return Rows(digits.images, digits.target, np.arange(len(digits.target)))
