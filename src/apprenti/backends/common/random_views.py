"""Augmentation: in each epoch the training rows are changed a little, each time differently."""

import numpy as np

from apprenti.backends.common.settings import Config


def draw_views(random, shape, config: Config) -> np.ndarray:
    """Return a matrix for each image: where each of its points was before."""
    count, height, width = shape
    # From the points of a new image to those of the old one, counted from the middle
    views = np.tile(np.eye(2, 3), (count, 1, 1))
    if config.rotation:
        angle = np.radians(random.uniform(-config.rotation, config.rotation, count))
        turned = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
        views[:, :, :2] = np.transpose(turned, (2, 0, 1))
    if config.zoom:
        # Twice as large: what is seen at a point was half as far from the middle
        views /= random.uniform(1 - config.zoom, 1 + config.zoom, (count, 1, 1))
    if config.flip:
        views[:, 0] *= random.choice([-1, 1], (count, 1))
    if config.shift:
        views[:, :, 2] = random.uniform(-config.shift, config.shift, (count, 2)) * [width, height]
    return views
