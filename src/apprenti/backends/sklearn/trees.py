"""Training: one tree after another, as long as the validation loss gets lower."""

import time
from pathlib import Path

from sklearn.utils.class_weight import compute_sample_weight

from apprenti.backends.common.data import Data
from apprenti.backends.common.early_stopping import has_patience_ended
from apprenti.backends.common.measure_classification import measure
from apprenti.backends.common.report import report_epoch
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.boosting import count_trees, fit_trees
from apprenti.backends.sklearn.classification import predict_stages


def train_trees(model, data: Data, config: Config, folder: Path | None, stop) -> tuple:
    """Return a row of measures for each iteration, and how the training ended."""
    start = time.perf_counter()
    rows = data.train_inputs.reshape(len(data.train_inputs), -1)  # Each row is laid out flat
    if config.class_weights == "balanced":
        # Each row counts: the fewer rows its class has, the more
        weights = compute_sample_weight("balanced", data.train_targets)
    else:
        weights = None
    targets, valid_targets = data.train_targets.ravel(), data.valid_targets
    model = fit_trees(model, rows, targets, weights, data.valid_inputs, valid_targets, config)
    grown, most = count_trees(model)
    seconds = (time.perf_counter() - start) / grown
    history = look_back(model, data, seconds, config, folder, stop)
    return history, "finished" if len(history) == most else "stopped early"


def look_back(model, data: Data, seconds: float, config: Config, folder: Path | None, stop) -> list:
    """Return how good the model was after each iteration, until patience has ended."""
    if config.train > 10_000:
        stages = predict_stages(model, data.sample_inputs)
    else:
        stages = predict_stages(model, data.train_inputs)
    history: list[dict] = []
    # An iteration adds a tree, or one for each class: it counts as an epoch
    for learned, checked in zip(stages, predict_stages(model, data.valid_inputs), strict=True):
        if has_patience_ended(history, config):
            break
        if config.train > 10_000:
            row = measure("train", learned, data.sample_targets)
        else:
            row = measure("train", learned, data.train_targets)
        row |= measure("valid", checked, data.valid_targets)
        epoch = len(history) + 1
        history.append({"epoch": epoch, **row, "seconds": round(epoch * seconds, 3)})
        if folder:
            report_epoch(folder, history)
        if stop(history):
            break
    return history
