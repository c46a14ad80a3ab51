"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np
import torch
from torch import nn

from apprenti.backends.common.random_views import draw_views
from apprenti.backends.common.settings import Config
from apprenti.backends.pytorch.augment import mixed, noisy


def moved(images: torch.Tensor, views: np.ndarray) -> torch.Tensor:
    half = np.float32([*images.shape[2:0:-1], 2]) / 2  # PyTorch counts in halves of a side
    scaled = torch.from_numpy(np.float32(views) * half / half[:2, None])
    # What comes in from outside is 0: with the corner subtracted, that is the page
    page = images[:, :1, :1]
    planes = (images - page).reshape(*images.shape[:3], -1).permute(0, 3, 1, 2)
    grid = nn.functional.affine_grid(scaled, planes.shape, align_corners=False)
    planes = nn.functional.grid_sample(planes, grid, align_corners=False)
    return planes.permute(0, 2, 3, 1).reshape(images.shape) + page


def augment(images: torch.Tensor, targets: torch.Tensor, random, config: Config):
    if config.shift or config.rotation or config.zoom or config.flip:
        views = draw_views(random, images.shape[:3], config)
        images = moved(images, views)
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
        batches = (augment(rows, targets, random, config) for rows, targets in batches)
    return batches
