"""Reading: a folder of images, with a folder inside for each class."""

import unicodedata
from pathlib import Path

import numpy as np

from apprenti.backends.common.image_points import ENDINGS
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    if config.folders:
        # The data comes already split, each set in a folder of its own
        found = [file for part in config.folders for file in path.glob(f"{part}/[!.]*/[!.]*")]
    else:
        found = path.glob("[!.]*/[!.]*")
    # Sorted, because the order in which a disk lists its files depends on the machine
    inside = sorted(file.relative_to(path).as_posix() for file in found if file.is_file())
    if config.skip_images:
        inside = [name for name in inside if name not in config.skip_images]
    names = np.array([name for name in inside if name.lower().endswith(ENDINGS)])
    # An accent can be stored in two ways, and makes one class all the same
    labels = np.array([unicodedata.normalize("NFC", name.split("/")[-2]) for name in names])
    inputs = np.array([path / name for name in names])
    if config.valid_folder:
        by = np.array([name.startswith(f"{config.valid_folder}/") for name in names])
        return inputs, labels, names, by
    return inputs, labels, names
