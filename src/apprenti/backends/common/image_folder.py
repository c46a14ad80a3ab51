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
        if config.endings:
            found = [file for file in found if file.suffix in config.endings]
        else:
            found = [f for f in found if f.suffix.lower() in ENDINGS and f.is_file()]
    elif config.endings:
        found = [file for file in path.glob("[!.]*/[!.]*") if file.suffix in config.endings]
    else:
        found = [f for f in path.glob("[!.]*/[!.]*") if f.suffix.lower() in ENDINGS and f.is_file()]
    if config.skip_images:
        skipped = {path / name for name in config.skip_images}
        found = [file for file in found if file not in skipped]
    inputs = np.array(sorted(found, key=Path.as_posix))  # A disk lists its files in any order
    if config.ascii_classes:
        labels = np.array([file.parent.name for file in inputs])
    else:
        # An accent can be stored in two ways, and makes one class all the same
        labels = np.array([unicodedata.normalize("NFC", file.parent.name) for file in inputs])
    if config.valid_folder:
        names = np.array([file.relative_to(path).as_posix() for file in inputs])
        by = np.array([name.startswith(f"{config.valid_folder}/") for name in names])
        return inputs, labels, names, by
    return inputs, labels, np.array([file.relative_to(path).as_posix() for file in inputs])
