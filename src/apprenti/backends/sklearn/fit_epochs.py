"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import skops.io
from threadpoolctl import threadpool_limits

from apprenti.backends.common.data import Data, origin_of
from apprenti.backends.common.early_stopping import best_epoch, of_best_epoch
from apprenti.backends.common.leave import leave
from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config
from apprenti.backends.sklearn.classification import predict
from apprenti.backends.sklearn.mlp import PARTS, build_model, count_parameters
from apprenti.backends.sklearn.parts import open_parts
from apprenti.backends.sklearn.train_epochs import keep_best, load_checkpoint, train


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    threadpool_limits(config.threads)
    model = build_model(config, len(data.train_targets))
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, data, origin, config)
    if config.early_stopping and history:
        keep_best(folder, model, history)  # If it was killed before it could
    try:
        status = train(model, data, history, config, folder, origin, stop)
    except (KeyboardInterrupt, UserWarning):  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, data, origin, config), "interrupted"
        if not history:
            raise KeyboardInterrupt from None
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        if config.early_stopping:
            # What is left behind is the model of the best epoch, not that of the last
            best = best_epoch(history)
            data = of_best_epoch(data, best, history)
            if best < len(history):
                model = open_parts(folder / "model" / "best.skops", PARTS)
        # skops writes no code, unlike pickle: the file can be opened without trusting it
        skops.io.dump(model, folder / "model" / "model.skops")
        parameters = count_parameters(model)
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.npz").unlink()
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
