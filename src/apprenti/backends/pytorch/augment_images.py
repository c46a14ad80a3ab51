"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.random_views import draw_views
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.augment import mixed, noisy


def moved(images: torch.Tensor, random: np.random.Generator, config: Config) -> torch.Tensor:
    count, height, width = images.shape[:3]
    views = draw_views(random, count, height, width, config)
    # PyTorch counts in halves of a side
    half = np.float32([width / 2, height / 2, 1])
    views = torch.from_numpy(views * half / half[:2, None])
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = (images - page).reshape(count, height, width, -1).permute(0, 3, 1, 2)
    grid = nn.functional.affine_grid(views, planes.shape, align_corners=False)
    planes = nn.functional.grid_sample(planes, grid, align_corners=False)
    return planes.permute(0, 2, 3, 1).reshape(images.shape) + page


def augment(images: torch.Tensor, targets: torch.Tensor, random, config: Config):
    if config.shift or config.rotation or config.zoom or config.flip:
        images = moved(images, random, config)
    if config.noise:
        images = noisy(images, random, config)
    if config.mixup:
        images, targets = mixed(images, targets, random, config)
    return images, targets


def augmented(batches, epoch: int, config: Config):
    if (config.shift or config.rotation or config.zoom or config.flip) or (
        config.noise or config.mixup
    ):
        # What is drawn comes from a seed for this epoch alone: a resumed run finds it again
        random = np.random.default_rng((config.seed, epoch, 1))
        return (augment(rows, targets, random, config) for rows, targets in batches)
    return batches
