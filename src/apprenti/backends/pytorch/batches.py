"""Batches: each epoch goes through all the rows, in an order of its own."""

import numpy as np
import torch

from apprenti.backends.common.data import Data
from apprenti.backends.common.settings import Config


def as_tensors(data: Data) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.from_numpy(data.train_inputs), torch.from_numpy(data.train_targets)


def shuffled(inputs, targets, epoch: int, config: Config):
    # The order comes from a seed for this epoch alone: a resumed run finds it again
    order = np.random.default_rng((config.seed, epoch)).permutation(len(inputs))
    pieces = torch.from_numpy(order).split(config.batch_size)
    return ((inputs.index_select(0, at), targets.index_select(0, at)) for at in pieces)
