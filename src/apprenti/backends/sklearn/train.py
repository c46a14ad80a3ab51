"""Training: scikit-learn does it in one call, so the history has one line."""

import os
import time
import warnings

import skops.io
from sklearn.exceptions import ConvergenceWarning

from apprenti.backends.common.data import Data
from apprenti.backends.common.describe_arrays import describe_model
from apprenti.backends.common.measure import measure_epoch
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import as_rows, predict
from apprenti.backends.sklearn.linear import count_parameters

# It stops after a fixed number of rounds, and that is wanted
warnings.simplefilter("ignore", ConvergenceWarning)


def train(model, data: Data, config: Config) -> list[dict]:
    start = time.perf_counter()
    model.fit(as_rows(data.train_inputs), data.train_targets.ravel())
    seconds = time.perf_counter() - start
    history = [measure_epoch(1, lambda inputs: predict(model, inputs), data, seconds)]
    report_epoch(history)
    return history


def save_model(model, data: Data) -> None:
    os.makedirs("model", exist_ok=True)
    # skops writes no code, unlike pickle: the file can be opened without trusting it
    skops.io.dump(model, "model/model.skops")
    describe_model(data, count_parameters(model))
