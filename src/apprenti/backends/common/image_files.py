"""Preparation: each image is resized; points go from 0 to 1, as networks like small numbers."""

import numpy as np

from apprenti.backends.common.drawing import as_drawings
from apprenti.backends.common.image_points import read_image
from apprenti.backends.common.settings import Config


def fit_preparation(inputs: np.ndarray, train: np.ndarray, config: Config) -> dict:
    if config.image_mode == "F":
        ends = [np.quantile(read_image(path, config), (0, 1)) for path in inputs[train]]
        darkest, brightest = np.median(ends, axis=0).tolist()  # They depend on the device
        return {"darkest": darkest, "scale": brightest - darkest or 1.0}
    return {"scale": 255.0}  # Nothing to learn from the training rows: a point is a byte


def prepare(inputs: np.ndarray, some, preparation: dict, config: Config) -> np.ndarray:
    if config.image_mode != "F" and not config.ink_sizes:
        return np.stack([read_image(path, config) for path in inputs[some]]) / np.float32(255)
    images = np.stack([read_image(path, config) for path in inputs[some]])
    if config.ink_sizes and not config.as_is:
        images = as_drawings(inputs[some], images, config)
    if config.image_mode == "F":
        return (images - np.float32(preparation["darkest"])) / np.float32(preparation["scale"])
    return images / np.float32(preparation["scale"])
