"""Reading: a folder of images, with a folder inside for each class."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.image_points import ENDINGS
from apprenti.backends.common.rows import Rows
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> Rows:
    # Sorted, for the order in which a disk lists its files is another on each machine
    inside = sorted(file.relative_to(path).as_posix() for file in path.glob("[!.]*/[!.]*"))
    names = np.array([name for name in inside if name.lower().endswith(ENDINGS)])
    labels = np.array([name.split("/")[0] for name in names])
    inputs = np.array([path / name for name in names])
    return Rows(inputs, labels, names)
