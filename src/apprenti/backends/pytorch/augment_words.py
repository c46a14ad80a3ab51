"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.augment import mixed, noisy


def augment(rows: torch.Tensor, targets: torch.Tensor, random, config: Config):
    if config.word_dropout:
        kept = torch.from_numpy(random.random(rows.shape) >= config.word_dropout)
        # Texts that lose words still count like the others
        rows = nn.functional.normalize(rows * kept)
    if config.noise:
        rows = noisy(rows, random, config)
    if config.mixup:
        rows, targets = mixed(rows, targets, random, config)
    return rows, targets


def augmented(batches, epoch: int, config: Config):
    if config.word_dropout or config.noise or config.mixup:
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))
        batches = (augment(rows, targets, random, config) for rows, targets in batches)
    return batches
