"""Model: one score for each class; the loss (cross-entropy) says how wrong the scores are."""

from functools import partial

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.settings import Config


class EachClass(nn.Module):
    def forward(self, scores):
        # To predict, the logarithm of each sigmoid: softmax divides each by the sum of all
        return scores if self.training else nn.functional.logsigmoid(scores)


def build_loss(config: Config) -> nn.Module:
    if config.loss == "binary_cross_entropy":
        if config.label_smoothing:
            return partial(smoothed, share=config.label_smoothing)
        return binary_cross_entropy
    if config.class_weights != "none":
        # One loss for each row: it counts as its class does
        if config.label_smoothing:
            return nn.CrossEntropyLoss(reduction="none", label_smoothing=config.label_smoothing)
        return nn.CrossEntropyLoss(reduction="none")
    if config.label_smoothing:
        # A share of the truth goes to all classes, so that no score has to be extreme
        return nn.CrossEntropyLoss(label_smoothing=config.label_smoothing)
    return nn.CrossEntropyLoss()


def binary_cross_entropy(scores, truth):
    # Each class is a question of its own, yes or no, for a sigmoid. The losses of a row add up
    each = nn.functional.binary_cross_entropy_with_logits(scores, truth, reduction="none")
    return each.sum(dim=1)


def smoothed(scores, truth, share: float):
    # A share of the truth goes to all classes, so that no score has to be extreme
    return binary_cross_entropy(scores, (1 - share) * truth + share / truth.shape[1])


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()
