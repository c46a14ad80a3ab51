"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import torch
from torch import nn

from apprenti.backends.common.classification import balanced
from apprenti.backends.common.data import Data, origin_of
from apprenti.backends.common.early_stopping import best_epoch, of_best_epoch
from apprenti.backends.common.leave import leave
from apprenti.backends.common.report import write_table
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import EachClass, predict
from apprenti.backends.pytorch.initial_weights import draw_weights
from apprenti.backends.pytorch.mlp import build_model
from apprenti.backends.pytorch.optimizer import build_optimizer
from apprenti.backends.pytorch.train import keep_best, load_checkpoint, train


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    if config.class_weights == "balanced":
        weight_of = balanced(data.train_targets)
        config = config._replace(class_weights=weight_of)
    if config.texts:
        if config.word_dropout:
            known = data.description["preparation"]["texts"].values()
            config = config._replace(word_columns=[len(text["words"]) for text in known])
    model = build_model(config, data.train_inputs.shape[1:], data.description["outputs"])
    if config.initial_weights != "default":
        draw_weights(model, config)
    if config.loss == "binary_cross_entropy":
        model = nn.Sequential(model, EachClass())
    optimizer = build_optimizer(model, config)
    origin = origin_of(config, data) if folder else ""
    history = load_checkpoint(folder, model, optimizer, origin)
    if config.early_stopping and history:
        keep_best(folder, model, history)  # If it was killed before it could
    try:
        status = train(model, optimizer, data, history, config, folder, origin, stop)
    except KeyboardInterrupt:  # Ctrl-C: go back to the end of the last whole epoch
        history, status = load_checkpoint(folder, model, optimizer, origin), "interrupted"
        if not history:
            raise
        write_table(folder / "history.csv", history[0], (row.values() for row in history))
        print(f"Stopped: epoch {len(history)} is the last one kept.", flush=True)
    if folder:
        if config.early_stopping:
            # What is left behind is the model of the best epoch, not that of the last
            best = best_epoch(history)
            data = of_best_epoch(data, best, history)
            if best < len(history):
                model.load_state_dict(torch.load(folder / "model" / "best.pt", weights_only=True))
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        if status != "interrupted":  # Only such a run needs its checkpoint
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        (folder / "status.json").write_text(json.dumps({"status": status, "epochs": len(history)}))
    return history
