"""Model: loaded, with its trained weights."""

import json
from pathlib import Path

import torch
from torch import nn

from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.classification import EachClass
from apprenti.backends.pytorch.mlp import build_model


def open_model(config: Config, folder: Path) -> tuple[nn.Module, dict]:
    torch.set_num_threads(config.threads)
    description = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    model = build_model(config, tuple(description["input_shape"]), description["outputs"])
    if config.loss == "binary_cross_entropy":
        model = nn.Sequential(model, EachClass())
    # weights_only: opening a file must never run code
    model.load_state_dict(torch.load(folder / "weights.pt", weights_only=True))
    return model, description
