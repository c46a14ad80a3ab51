"""Model: one score for each class; the loss (cross-entropy) says how wrong the scores are."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.settings import Config


def build_loss(config: Config) -> nn.Module:
    if config.class_weights != "none":
        # One loss for each row: it counts as its class does
        if config.label_smoothing:
            return nn.CrossEntropyLoss(reduction="none", label_smoothing=config.label_smoothing)
        return nn.CrossEntropyLoss(reduction="none")
    if config.label_smoothing:
        # A share of the truth goes to all classes, so that no score has to be extreme
        return nn.CrossEntropyLoss(label_smoothing=config.label_smoothing)
    return nn.CrossEntropyLoss()


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()
