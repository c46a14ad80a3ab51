"""Reading: new images: one, those of a folder, or those that a table names."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.image_points import ENDINGS
from apprenti.backends.common.new_table import read_new
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    if path.is_dir():
        files = sorted(path.rglob("[!.]*"))
    elif path.suffix.lower() in ENDINGS:
        files = [path]
    else:
        # The names are written from the folder of the table
        names = read_new(path, config)[config.image].to_numpy()
        return np.array([path.parent / name for name in names]), None, names
    files = [file for file in files if file.suffix.lower() in ENDINGS and file.is_file()]
    names = np.array([file.relative_to(path.parent).as_posix() for file in files])
    return np.array(files), None, names
