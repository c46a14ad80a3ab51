"""Training: scikit-learn does it in one call, so the history has one line."""

import time
from pathlib import Path

from sklearn.utils.class_weight import compute_sample_weight

from apprenti.backends.common.data import Data
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict


def train(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return one row of measures, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    if config.class_weights == "balanced":
        # Each row counts: the fewer rows its class has, the more
        weights = compute_sample_weight("balanced", data.train_targets)
        model.fit(rows, data.train_targets, sample_weight=weights)
    else:
        model.fit(rows, data.train_targets.ravel())
    seconds = time.perf_counter() - start
    if config.train > 10_000:
        learned = measure("train", predict(model, data.sample_inputs), data.sample_targets)
    else:
        learned = measure("train", predict(model, data.train_inputs), data.train_targets)
    checked = measure("valid", predict(model, data.valid_inputs), data.valid_targets)
    history = [{"epoch": 1, **learned, **checked, "seconds": round(seconds, 3)}]
    if folder:
        report_epoch(folder, history)
    return history, "finished"
