"""Batches: each epoch goes through all the rows, in an order of its own."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def as_tensors(data: Data, config: Config) -> tuple[torch.Tensor, torch.Tensor]:
    inputs, targets = torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)
    if (config.mixup and not config.regression) or config.loss == "binary_cross_entropy":
        # Each class has its share of the truth
        targets = nn.functional.one_hot(targets, data.description["outputs"]).float()
    return inputs, targets


def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    pieces = torch.from_numpy(order).split(config.batch_size)
    return ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
