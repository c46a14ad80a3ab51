"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import torch

from apprenti.backends.common.settings import Config


def augment(tokens: torch.Tensor, targets: torch.Tensor, random, config: Config):
    # 1 is the unknown word, 0 the padding, which has no words to hide
    hidden = torch.from_numpy(random.random(tokens.shape) < config.word_dropout)
    return torch.where(hidden & (tokens > 0), 1, tokens), targets


def augmented(batches, epoch: int, config: Config):
    if config.word_dropout:
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))
        batches = (augment(rows, targets, random, config) for rows, targets in batches)
    return batches
