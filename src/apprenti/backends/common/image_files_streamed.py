"""Preparation: the points of the images go to the disk; read again, they are from 0 to 1."""

import numpy as np

from apprenti.backends.common.image_points import read_image
from apprenti.backends.common.on_disk import OnDisk

# So many images are opened at a time
PIECE = 500


def prepare(inputs: np.ndarray, rows: np.ndarray, preparation: dict) -> OnDisk:
    print("Opening the images: they go to the disk, to be read from there.", flush=True)
    # As bytes, a quarter of the room; networks learn better from small numbers
    points = OnDisk(np.uint8, preparation["scale"])
    for i in range(0, len(rows), PIECE):
        points.append(np.stack([read_image(path) for path in inputs[rows[i : i + PIECE]]]))
    return points
