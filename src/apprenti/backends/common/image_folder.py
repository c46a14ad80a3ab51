"""Reading: a folder of images, with a folder inside for each class."""

from pathlib import Path
from unicodedata import normalize

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
        labels = [file.parent.name for file in inputs]
    else:
        labels = [normalize("NFC", file.parent.name) for file in inputs]  # Accents in one form
    if config.valid_folder:
        names = np.array([file.relative_to(path).as_posix() for file in inputs])
        by = np.array([name.startswith(f"{config.valid_folder}/") for name in names])
        return inputs, np.array(labels), names, by
    return inputs, np.array(labels), np.array([f.relative_to(path).as_posix() for f in inputs])
