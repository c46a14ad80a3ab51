"""The whole run, from the data to the predictions."""

import os
from pathlib import Path

import torch

from apprenti.backends.common.describe_arrays import describe_model
from apprenti.backends.common.idx import load_data
from apprenti.backends.common.report import write_table
from apprenti.backends.common.report_classification import predictions
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import predict
from apprenti.backends.pytorch.mlp import build_model
from apprenti.backends.pytorch.train import train


def main(config: Config) -> None:
    torch.manual_seed(config.seed)
    data = load_data(config)
    model = build_model(config, data.train_inputs.shape[1:], data.target["outputs"])
    history = train(model, data, config)
    os.makedirs("model", exist_ok=True)
    torch.save(model.state_dict(), "model/weights.pt")
    describe_model(data, sum(weights.numel() for weights in model.parameters()))
    write_table("predictions.csv", predictions(predict(model, data.valid_inputs), data))
    # Only a run that was stopped needs its checkpoint
    if len(history) == config.epochs:
        os.remove("checkpoint.pt")
    Path("progress.csv").unlink(missing_ok=True)


if __name__ == "__main__":
    torch.set_num_threads(Config().threads)
    main(Config())
