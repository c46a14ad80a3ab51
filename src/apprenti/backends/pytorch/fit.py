"""What is left behind: the history, the predictions and a description of the model."""

import json
from pathlib import Path

import torch

from apprenti.backends.common.data import Data
from apprenti.backends.common.leave import leave
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import predict
from apprenti.backends.pytorch.mlp import build_model
from apprenti.backends.pytorch.train import train


def fit(config: Config, data: Data, folder: Path | None, stop) -> list[dict]:
    """Train a model, until `stop` says so; what it leaves goes into the folder, if there is one."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    if folder:
        (folder / "model").mkdir(exist_ok=True)
    history, status = train(model, data, config, folder, stop)
    if folder:
        torch.save(model.state_dict(), folder / "model" / "weights.pt")
        parameters = sum(weights.numel() for weights in model.parameters())
        leave(folder, data, predict(model, data.valid_inputs), parameters, config)
        # Only a run that was interrupted needs its checkpoint
        if status != "interrupted":
            (folder / "checkpoint.pt").unlink()
        (folder / "progress.csv").unlink(missing_ok=True)
        # The last act: how it ended
        said = json.dumps({"status": status, "epochs": len(history)})
        (folder / "status.json").write_text(said)
    return history
