"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import torch

from apprenti.backends.common.settings import Config


def noisy(rows: torch.Tensor, random: np.random.Generator, config: Config) -> torch.Tensor:
    noise = random.standard_normal(rows.shape, dtype=np.float32)
    return rows + config.noise * torch.from_numpy(noise)


def mixed(rows: torch.Tensor, targets: torch.Tensor, random, config: Config):
    # Mixup (Zhang et al., 2018): a row becomes a blend of two, and so does its target
    part = random.beta(config.mixup, config.mixup)
    other = torch.from_numpy(random.permutation(len(rows)))
    return [part * one + (1 - part) * one[other] for one in (rows, targets)]
