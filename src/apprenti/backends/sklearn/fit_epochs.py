"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import skops.io
from threadpoolctl import threadpool_limits

from apprenti.backends.common.data import Data
from apprenti.backends.common.leave import leave
from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import build_model, predict
from apprenti.backends.sklearn.mlp import count_parameters
from apprenti.backends.sklearn.train_epochs import train


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    history, status = train(model, data, config, folder, stop)
    if folder:
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = count_parameters(model)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.skops").unlink()
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
