"""Augmentation: six images of the training set, and below them as one epoch changes them."""

import matplotlib.pyplot as plt
import numpy as np


def main(augment, inputs, targets, config):
    figure, panels = plt.subplots(2, 6, figsize=(12, 4.5))
    # Run this cell again with another number: another epoch
    changed, _ = augment(inputs[:6], targets[:6], np.random.default_rng(1), config)
    for row, images in zip(panels, (inputs[:6], changed), strict=True):
        for panel, image in zip(row, np.clip(images, 0, 1), strict=True):
            panel.axis("off")
            panel.imshow(image, cmap="gray")
    plt.show()
    return figure
