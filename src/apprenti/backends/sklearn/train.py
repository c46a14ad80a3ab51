"""Training: scikit-learn does it in one call, so the history has one line."""

import time
import warnings

from sklearn.exceptions import ConvergenceWarning

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure import measure_epoch
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import as_rows, predict

# It stops after a fixed number of rounds, and that is wanted
warnings.simplefilter("ignore", ConvergenceWarning)


def train(model, data: Data, config: Config) -> list[dict]:
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets.ravel())
    seconds = time.perf_counter() - start
    history = [measure_epoch(1, lambda inputs: predict(model, inputs), data, seconds)]
    report_epoch(history)
    return history
