"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import skops.io
from threadpoolctl import threadpool_limits

from apprenti.backends.common.data import Data
from apprenti.backends.common.early_stopping import best_epoch, of_best_epoch
from apprenti.backends.common.leave import leave
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.boosting import keep_trees
from apprenti.backends.sklearn.classification import predict
from apprenti.backends.sklearn.linear import build_model, count_parameters
from apprenti.backends.sklearn.train import train
from apprenti.backends.sklearn.trees import train_trees


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    if config.untaught:
        model.outputs = data.description["outputs"]
    if config.early_stopping:
        history, status = train_trees(model, data, config, folder, stop)
        best = best_epoch(history)
        model = keep_trees(model, best)  # The trees that came after it do harm
        data = of_best_epoch(data, best, history)
    else:
        history, status = train(model, data, config, folder, stop)
    if folder:
        (folder / "model").mkdir(exist_ok=True)
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = count_parameters(model)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
