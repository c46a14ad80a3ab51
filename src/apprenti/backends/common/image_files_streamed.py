"""Preparation: the points of the images go to the disk; read again, they are from 0 to 1."""

import numpy as np

from apprenti.backends.common.image_points import read_image
from apprenti.backends.common.on_disk import OnDisk
from apprenti.backends.common.settings import Config

# Number of images that are opened at a time
PIECE = 500


def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    if config.image_mode == "F":
        # What is black, and what is white, depends on the device: the training rows say it
        ends = [np.quantile(read_image(path, config), (0, 1)) for path in inputs[train]]
        darkest, brightest = np.median(ends, axis=0).tolist()
        return {"darkest": darkest, "scale": brightest - darkest or 1.0}
    return {"scale": 255.0}  # Nothing to learn from the training rows: a point is a byte


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> OnDisk:
    print("Opening the images: they go to the disk, to be read from there.", flush=True)
    if config.image_mode == "F":
        # More shades than a byte holds; networks learn better from small numbers
        points = OnDisk(np.float32, preparation["scale"])
    else:
        # As bytes, a quarter of the room; networks learn better from small numbers
        points = OnDisk(np.uint8, preparation["scale"])
    for i in range(0, len(some), PIECE):
        files = inputs[some[i : i + PIECE]]
        images = np.stack([read_image(path, config) for path in files])
        if config.image_mode == "F":
            images = images - np.float32(preparation["darkest"])
        points.append(images)
    return points
