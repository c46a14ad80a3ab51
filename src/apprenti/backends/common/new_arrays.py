"""Reading: new rows in a .npz file, an IDX file, or images brought to the size of the others."""

from pathlib import Path

import numpy as np

from apprenti.backends.common.drawing import as_drawings
from apprenti.backends.common.idx_file import read_idx
from apprenti.backends.common.image_points import ENDINGS, read_image
from apprenti.backends.common.settings import Config


def read(path: Path, config: Config) -> tuple:
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:  # Opening it runs no code
            values = arrays[config.inputs_array]
        return values, None, np.arange(len(values))
    if path.is_file() and path.suffix.lower() not in ENDINGS:
        values = read_idx(path)
        return values, None, np.arange(len(values))
    files = sorted(path.rglob("[!.]*")) if path.is_dir() else [path]
    files = [file for file in files if file.suffix.lower() in ENDINGS and file.is_file()]
    names = np.array([file.relative_to(path.parent).as_posix() for file in files])
    images = np.stack([read_image(file, config) for file in files])
    images = images * np.float32(config.byte_value)
    if config.ink_sizes and not config.as_is:
        images = as_drawings(files, images, config)
    return images, None, names
