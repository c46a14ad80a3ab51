"""Batches: each epoch goes through all the rows, which are read from the disk."""

import numpy as np
import torch

from apprenti.backends.common.data import Data
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.pools import pools
from apprenti.backends.common.settings import Config


def as_tensors(data: Data, config: Config) -> tuple[OnDisk, np.ndarray]:
    # They become tensors when they are read
    inputs, targets = data.train_inputs, data.train_targets
    if (config.mixup and not config.regression) or config.loss == "binary_cross_entropy":
        # Each class has its share of the truth
        targets = np.eye(data.description["outputs"], dtype=np.float32)[targets]
    return inputs, targets


def shuffled(inputs, targets, epoch: int, config: Config):
    for pool in pools(inputs, targets, epoch, config):
        rows, answers = (torch.from_numpy(part).split(config.batch_size) for part in pool)
        yield from zip(rows, answers, strict=True)
