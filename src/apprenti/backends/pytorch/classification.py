"""Model: one score for each class; the loss (cross-entropy) says how wrong the scores are."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.settings import Config


class EachClass(nn.Module):
    def forward(self, scores):
        # To predict, the logarithm of each sigmoid: softmax divides each by the sum of all
        return scores if self.training else nn.functional.logsigmoid(scores)


def loss_of(scores: torch.Tensor, truth: torch.Tensor, config: Config) -> torch.Tensor:
    """Return the loss of a batch; with class weights, that of each row."""
    if config.loss == "binary_cross_entropy":
        if config.label_smoothing:
            # A share of the truth goes to all classes, so that no score has to be extreme
            truth = (1 - config.label_smoothing) * truth + config.label_smoothing / truth.shape[1]
        # Each class is a question of its own, yes or no, for a sigmoid. The losses of a row add up
        each = nn.functional.binary_cross_entropy_with_logits(scores, truth, reduction="none")
        if config.class_weights != "none":
            return each.sum(dim=1)
        return each.sum(dim=1).mean()  # How wrong is it?
    if config.label_smoothing:
        if config.class_weights != "none":
            return nn.functional.cross_entropy(
                scores, truth, reduction="none", label_smoothing=config.label_smoothing
            )
        # A share of the truth goes to all classes, so that no score has to be extreme
        share = config.label_smoothing
        return nn.functional.cross_entropy(scores, truth, label_smoothing=share)
    if config.class_weights != "none":
        return nn.functional.cross_entropy(scores, truth, reduction="none")
    return nn.functional.cross_entropy(scores, truth)  # How wrong is it?


@torch.inference_mode()
def predict(model: nn.Module, inputs: np.ndarray) -> np.ndarray:
    model.eval()
    outputs = [model(torch.from_numpy(inputs[i : i + 1000])) for i in range(0, len(inputs), 1000)]
    return torch.cat(outputs).softmax(dim=1).numpy()
