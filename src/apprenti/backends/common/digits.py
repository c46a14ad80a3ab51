"""Reading: the 1797 handwritten digits of 8 x 8 pixels that come with scikit-learn."""

from sklearn.datasets import load_digits

from apprenti.backends.common.data import Data, share_out
from apprenti.backends.common.settings import Config
from apprenti.backends.common.split_random import split_rows


def load_data(config: Config) -> Data:
    digits = load_digits()
    return share_out(digits.images, digits.target, split_rows(digits.target, config))
